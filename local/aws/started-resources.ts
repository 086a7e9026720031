interface Closeable {
  close(): Promise<unknown>;
}

/** Resources that were started. They are closed in reverse order, even if the start of a later one fails. */
export class StartedResources {
  /** Starts something that consists of several resources. If this fails, the resources that were started are closed. */
  public static async start<T>(start: (started: StartedResources) => Promise<T>): Promise<T> {
    const started = new StartedResources();
    try {
      return await start(started);
    } catch (error) {
      // The caller needs the first error. It may be the cause of the others.
      await started.close().catch(() => undefined);
      throw error;
    }
  }

  private readonly resources: Promise<Closeable>[] = [];

  /** Adds a resource as soon as its start begins, so that several can start at the same time. */
  public add<T extends Closeable>(resource: T | Promise<T>): Promise<T> {
    const starting = Promise.resolve(resource);
    this.resources.push(starting);
    return starting;
  }

  /** @throws the first error, after all resources were closed */
  public async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const starting of this.resources.splice(0).reverse()) {
      const resource = await starting.catch(() => undefined);
      await resource?.close().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }
}
