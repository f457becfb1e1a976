/**
 * Words that new values are made of. SPDX-License-Identifier: CC0-1.0. Written for this program: common given names and surnames,
 * and names of trees, stones, birds and places that stand for nothing. ASCII letters, at most eight of them, no word twice.
 *
 * @module
 */

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Given names. */
export const givenNames: readonly string[] = words(`
  Aaron Abigail Adele Agnes Aidan Alan Albert Alfie Alice Amber Amelia Amir Andrew Angela Anita Anna Anton Arjun Arthur Asha
  Austin Barbara Beatrix Ben Bianca Blanche Bonnie Boris Brenda Brian Bruno Caleb Carla Carmen Cecilia Cedric Chloe Clara Colin
  Conrad Cora Daisy Damian Daniel Daphne Darius David Deborah Diana Dominic Donald Doris Dylan Edith Edmund Edward Eleanor Elias
  Ellen Elsie Emily Emma Enid Eric Esme Esther Ethan Eva Farah Felix Fiona Flora Frank Freya Gabriel Gareth Gemma George Gerald
  Grace Graham Greta Hannah Harriet Harvey Hassan Hazel Helen Henry Hilda Hugo Ian Imogen Ingrid Irene Isaac Isla Ivan Ivy Jack
  Jacob James Jane Jasmine Jason Jean Jenna Jessica Joan Joel John Jonas Judith Julia Karim Karl Kate Keira Keith Kenneth Kevin
  Lara Laura Leah Leila Leon Lewis Lily Linda Logan Lorna Louis Lucas Lucy Luke Lydia Mabel Malcolm Marco Maria Mark Martha
  Martin Mary Matilda Maurice Maya Megan Mia Michael Miles Mira Mona Morgan Muriel Nadia Naomi Nathan Neil Nicola Nigel Nina
  Noah Nora Olga Oliver Olive Omar Oscar Otto Owen Pamela Patrick Paul Penny Peter Philip Phoebe Pia Priya Quentin Rachel Ralph
  Rebecca Reuben Rhys Richard Robert Robin Rosa Rosie Rowan Ruby Rupert Ruth Ryan Samir Samuel Sandra Sara Selma Seth Sheila
  Simon Sofia Stella Stephen Susan Sylvia Tamara Tara Theo Thomas Tobias Toby Una Ursula Vera Victor Vincent Viola Wanda Wendy
  Wilfred William Winnie Yasmin Yusuf Yvonne Zainab Zara`);

/** Surnames. */
export const surnames: readonly string[] = words(`
  Abbott Adams Addison Ahmed Akhtar Aldous Allen Anderson Archer Ashby Atkins Bailey Baker Ball Banks Barker Barnes Barrett Barton
  Baxter Begum Bell Bennett Benson Berry Bishop Black Blake Bolton Booth Bowen Bradley Brennan Briggs Brooks Brown Bryant Burke
  Burton Butler Byrne Calvert Campbell Carr Carter Chambers Chandler Chopra Clark Clarke Cohen Cole Coleman Collins Conway Cook
  Cooper Coxon Craig Crane Cross Curtis Dalton Davies Dawson Dean Dixon Dobson Douglas Doyle Drake Duffy Duncan Dunn Eaton Edwards
  Elliott Ellis Emery Evans Farmer Farrell Field Finch Fisher Fleming Fletcher Flynn Forbes Ford Foster Fowler Fox Francis Fraser
  Frost Fuller Gardner George Gibbs Gibson Gilbert Giles Glover Goddard Gordon Gough Graham Grant Gray Green Gregory Griffin Gupta
  Hale Hall Hamilton Hammond Hancock Harding Harper Harris Hart Harvey Hayes Heath Henry Hewitt Hill Hobbs Hodges Holland Holmes
  Hooper Hope Horton Howard Howe Hudson Hughes Hunter Hussain Hyde Iqbal Jackson Jacobs James Jarvis Jenkins Jennings Johnson
  Jones Jordan Joyce Kaur Kelly Kemp Kennedy Kent Khan King Kirby Knight Knowles Lamb Lambert Lane Lawson Leach Lee Leonard Lewis
  Little Lloyd Lowe Lucas Lynch Marsh Marshall Martin Mason Matthews May Mellor Miah Miles Miller Mills Mistry Mitchell Moore
  Moran Morgan Morris Murphy Murray Myers Nash Naylor Nelson Newman Nicholls Nolan Norman Norris Norton Osborne Owens Page Palmer
  Parker Parry Parsons Patel Payne Pearce Perkins Perry Peters Phillips Pollard Poole Porter Potter Powell Pratt Preston Price
  Pritchard Pugh Quinn Rahman Read Reed Rees Reid Reynolds Rhodes Richards Riley Roberts Robson Rogers Rose Ross Rowe Russell
  Ryan Sanders Saunders Savage Scott Shah Sharma Sharp Shaw Shepherd Short Simpson Sinclair Singh Slater Smart Smith Spencer
  Stephens Stevens Stewart Stone Sutton Swift Sykes Taylor Thomas Thomson Todd Townsend Tucker Turner Tyler Vaughan Vincent
  Walker Wallace Walsh Walton Ward Warner Warren Watkins Watson Watts Webb Webster Wells West Wheeler White Whittle Wilkins
  Williams Wilson Winter Wong Wood Woods Wright Wyatt Yates Young`).filter((name) => name.length <= 8);

/** First words of made-up organisations: trees, stones and colours. */
export const organisationFirsts: readonly string[] = words(`
  Acacia Agate Alder Amber Amethyst Apple Ash Aspen Basalt Beech Beryl Birch Briar Bronze Cedar Cherry Chestnut Citrine Clay Copper
  Coral Cork Crimson Crystal Cypress Ebony Elder Elm Emerald Fern Flint Garnet Ginger Golden Granite Hawthorn Hazel Heather Hickory
  Holly Indigo Ivory Jade Jasper Juniper Larch Laurel Lilac Lime Linden Magenta Mahogany Maple Marble Mint Mulberry Myrtle Nickel
  Oak Olive Onyx Opal Orchid Pearl Pebble Pewter Pine Plum Poplar Quartz Quince Redwood Rowan Ruby Russet Saffron Sage Sapphire
  Scarlet Sienna Silver Slate Spruce Sycamore Teak Thistle Topaz Umber Verdant Violet Walnut Willow Yarrow Yew Zinc`);

/** Second words of made-up organisations: birds and beasts. */
export const organisationSeconds: readonly string[] = words(`
  Avocet Badger Bear Beaver Bison Bittern Buzzard Condor Cormorant Crane Curlew Deer Dolphin Dove Eagle Egret Elk Falcon Ferret
  Finch Gannet Gecko Goose Grouse Gull Hare Harrier Hawk Heron Hobby Hornet Ibex Ibis Jackdaw Kestrel Kite Lark Linnet Lynx Magpie
  Marten Martin Merlin Mole Moth Newt Otter Owl Partridge Peacock Pelican Petrel Pipit Plover Puffin Quail Raven Robin Salmon
  Seal Shrike Skylark Snipe Sparrow Starling Stoat Stork Swallow Swan Swift Teal Tern Thrush Toad Trout Vole Wagtail Weasel
  Whale Wolf Wren Yaffle`).filter((word) => word.length <= 8);

/** Streets. */
export const streets: readonly string[] = ["Road", "Street", "Lane", "Avenue", "Close", "Way"].flatMap((kind) =>
  words(
    "Acorn Bramble Clover Dovecote Elmwood Foxglove Gorse Heather Juniper Kingcup Larkspur Meadow Nettle Orchard Primrose Quarry",
  )
    .map((name) => `${name} ${kind}`)
);

/** Towns that are on no map. */
export const towns: readonly string[] = ["bourne", "combe", "ford", "holt", "mere", "stead", "wick", "worth"].flatMap((
  end,
) =>
  [
    "Ash",
    "Bram",
    "Cald",
    "Dun",
    "Elder",
    "Fern",
    "Gar",
    "Hazel",
    "Inn",
    "Kel",
    "Lin",
    "Marl",
    "Nor",
    "Oak",
    "Pen",
    "Row",
  ]
    .map((start) => `${start}${end}`)
);
