const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndSignal = (typeof SIGNALS)[number];

export interface SignalSteps {
  /** Its end is the end. */
  onFirst: () => Promise<void>;
  onSecond: () => void;
}

/** Works until a signal comes, and what that has asked for is done. Which one it was. */
export function untilSignals({ onFirst, onSecond }: SignalSteps): Promise<EndSignal> {
  return new Promise((resolve, reject) => {
    let first: EndSignal | undefined;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (first !== undefined) {
          onSecond();
          return;
        }
        first = signal;
        onFirst().then(() => {
          resolve(signal);
        }, reject);
      });
  });
}
