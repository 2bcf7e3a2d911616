/** A limit on memory that holds for us beside the machine's own size, and where it stands. */
export interface MemoryLimit {
  bytes: number;
  source: string;
}

/** What there is to work with. */
export interface HardwareFacts {
  /** "Apple M4", "AMD EPYC 7B13"; "" where the system does not say. */
  model: string;
  totalBytes: number;
  /** Those below `totalBytes`. */
  limits: MemoryLimit[];
  /** Cores that we may run on at once: fewer than the machine's where an affinity or a quota says so. */
  cores: number;
}

export interface Hardware {
  describe(): HardwareFacts;
}
