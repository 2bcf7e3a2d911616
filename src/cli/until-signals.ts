const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndSignal = (typeof SIGNALS)[number];

/** The number that a shell adds to 128. */
export const SIGNAL_NUMBERS: Record<EndSignal, number> = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

export interface SignalEar {
  /** The last that came. */
  last: () => EndSignal | undefined;
  /** From now on they do what they do to every program. */
  stop: () => void;
}

/** Hears the signals that want an end, but for those that we were told to ignore. */
export function hearSignals(ignored: readonly NodeJS.Signals[], onSignal: (signal: EndSignal) => void): SignalEar {
  let last: EndSignal | undefined;
  const ears = SIGNALS.filter((signal) => !ignored.includes(signal)).map((signal) => {
    const hear = () => {
      last = signal;
      onSignal(signal);
    };
    process.on(signal, hear);
    return { signal, hear };
  });
  return {
    last: () => last,
    stop: () => {
      for (const { signal, hear } of ears) process.removeListener(signal, hear);
    },
  };
}

export interface SignalSteps {
  ignored: readonly NodeJS.Signals[];
  /** Its end is the end. */
  onFirst: () => Promise<void>;
  onSecond: () => void;
}

/** Works until a signal comes, and what that has asked for is done. Which one it was. */
export function untilSignals({ ignored, onFirst, onSecond }: SignalSteps): Promise<EndSignal> {
  return new Promise((resolve, reject) => {
    let first: EndSignal | undefined;
    hearSignals(ignored, (signal) => {
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
