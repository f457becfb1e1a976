/** Types of the part of `@std/assert` that the tests use. @module */

/** What a failed assertion throws. */
export class AssertionError extends Error {}

/** A class whose instances are asked for; abstract ones too. */
type AnyClass<T = unknown> = abstract new (...args: never[]) => T;

type ErrorClass<E extends Error> = AnyClass<E>;

/** Fails unless `value` is truthy. */
export function assert(value: unknown, message?: string): asserts value;
/** Fails if `value` is truthy. */
export function assertFalse(value: unknown, message?: string): void;
/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void;
/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
/** Fails unless both are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
/** Fails unless both numbers differ by at most the tolerance. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, message?: string): void;
/** Fails unless every expected element is in `actual`. */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, message?: string): void;
/** Fails unless the text holds `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void;
/** Fails unless the text matches. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void;
/** Fails if the text matches. */
export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
/** Fails unless `actual` has every property of `expected`, deeply. */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  message?: string,
): void;
/** Fails on null and undefined. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T>;
/** Fails unless `actual` is an instance of the class. */
export function assertInstanceOf<C extends AnyClass>(
  actual: unknown,
  expected: C,
  message?: string,
): asserts actual is InstanceType<C>;
/** Fails unless `actual` > `expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void;
/** Fails unless `actual` >= `expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
/** Fails unless `actual` < `expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void;
/** Fails unless `actual` <= `expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
/** Fails unless the function throws; returns the error. */
export function assertThrows(act: () => unknown, message?: string): unknown;
/** Fails unless the function throws an error of the class whose message holds the text; returns the error. */
export function assertThrows<E extends Error = Error>(
  act: () => unknown,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): E;
/** Fails unless the promise rejects; resolves to the error. */
export function assertRejects(act: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Fails unless the promise rejects with an error of the class whose message holds the text; resolves to the error. */
export function assertRejects<E extends Error = Error>(
  act: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
/** Whether both are deeply equal. */
export function equal(one: unknown, other: unknown): boolean;
/** Fails. */
export function fail(message?: string): never;
/** Fails: this place must not be reached. */
export function unreachable(message?: string): never;
