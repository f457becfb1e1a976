/** What is wrong with a page for people who see little, or nothing, or use no mouse. Runs in the page. @module */

/** An expression that gives faults as texts: contrast, labels, tables, headings, language, unique ids. */
export const accessibilityFaults = `(() => {
  const faults = [];
  const colour = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const luminance = ({ r, g, b }) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const ground = colour(getComputedStyle(one).backgroundColor);
      if (ground.a === 1) return ground;
    }
    return { r: 255, g: 255, b: 255 };
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === "" || element.closest("script, style, title, svg") || !element.checkVisibility()) continue;
    const [one, other] = [colour(getComputedStyle(element).color), groundOf(element)].map(luminance);
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faults.push("contrast " + contrast.toFixed(2) + ": " + node.textContent.trim().slice(0, 40));
  }
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (![...field.labels ?? []].some((label) => label.textContent.trim() !== "")) faults.push("no label: " + field.id);
  }
  for (const button of document.querySelectorAll("button, summary, a")) {
    if (button.textContent.trim() === "" && !button.ariaLabel) faults.push("no name: " + button.outerHTML.slice(0, 60));
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption) faults.push("table without caption");
    for (const cell of table.querySelectorAll("th")) if (!cell.scope) faults.push("th without scope: " + cell.textContent);
  }
  for (const picture of document.querySelectorAll("svg, img")) {
    if (!picture.closest("[aria-hidden=true]") && !picture.ariaLabel) faults.push("picture without a text");
  }
  for (const region of document.querySelectorAll("[role=region], section")) {
    const label = region.ariaLabel ?? document.getElementById(region.getAttribute("aria-labelledby"))?.textContent;
    if (!label?.trim()) faults.push("region without a name");
  }
  for (const box of document.querySelectorAll("*")) {
    if (/auto|scroll/.test(getComputedStyle(box).overflowX) && box.tabIndex < 0 && !box.matches("html, body, input, select")) {
      faults.push("can't be scrolled by keyboard: " + box.className);
    }
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1 && !heading.closest("article")) faults.push("heading skips a level: " + heading.textContent);
    level = own;
  }
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  if (!document.querySelector("main")) faults.push("no main");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push("id twice: " + id);
  return [...new Set(faults)];
})()`;
