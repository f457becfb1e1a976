/** Types of the part of `@std/assert` that the tests use. @module */

/** A class, abstract ones too. */
type AnyClass<T = unknown> = abstract new (...args: never[]) => T;

/** Fails unless `value` is truthy. */
export function assert(value: unknown, message?: string): asserts value;
/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void;
/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
/** Fails unless the text holds `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void;
/** Fails unless the text matches. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void;
/** Fails unless `actual` is an instance of the class. */
export function assertInstanceOf<C extends AnyClass>(
  actual: unknown,
  expected: C,
  message?: string,
): asserts actual is InstanceType<C>;
/** Fails unless `actual` > `expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void;
/** Fails unless the function throws; returns the error. */
export function assertThrows(act: () => unknown, message?: string): unknown;
/** Fails unless the function throws an error of the class whose message holds the text; returns the error. */
export function assertThrows<E extends Error = Error>(
  act: () => unknown,
  errorClass: AnyClass<E>,
  messageIncludes?: string,
  message?: string,
): E;
/** Fails unless the promise rejects; resolves to the error. */
export function assertRejects(act: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Fails unless the promise rejects with an error of the class whose message holds the text; resolves to the error. */
export function assertRejects<E extends Error = Error>(
  act: () => PromiseLike<unknown>,
  errorClass: AnyClass<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
