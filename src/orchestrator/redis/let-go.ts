/** Of what is said once, and may get lost: that Redis is away shows where an answer is waited for, and is made good there. */
export function letGo(): void {
  // Nobody waits for it.
}
