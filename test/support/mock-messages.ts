import type { ServerResponse } from 'node:http';
import { MessagesServer, sendMessage, type Asked, type Said, type ToolResult } from './messages-server.ts';
import { waitFor } from './wait-for.ts';

/** One answer of the model. */
export type Step = Said & { delayMs?: number };

/**
 * A Messages API for one conversation: its n-th request that offers tools gets the n-th step, and then the final text.
 * `await using mock = await MockMessages.start([...])`.
 */
export class MockMessages extends MessagesServer {
  readonly #steps: Step[];
  readonly #finalText: string;

  private constructor(steps: Step[], finalText: string) {
    super();
    this.#steps = steps;
    this.#finalText = finalText;
  }

  static start(steps: Step[] = [], finalText = 'That is all.'): Promise<MockMessages> {
    return new MockMessages(steps, finalText).listen();
  }

  /** The n-th request of the conversation, from 0, when it is there. */
  turn(index: number, deadlineMs?: number): Promise<Asked> {
    return waitFor(`request ${String(index)} of the conversation`, () => this.turns[index], deadlineMs);
  }

  /** The model's last view of what tools have answered. */
  get toolResults(): ToolResult[] {
    return this.turns.at(-1)?.toolResults ?? [];
  }

  protected async answer(asked: Asked, response: ServerResponse): Promise<void> {
    const step = (asked.tools.length > 0 ? this.#steps[this.turns.length - 1] : undefined) ?? { text: this.#finalText };
    if (step.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, step.delayMs));
    sendMessage(response, asked, [step]);
  }
}
