/** Closes after each test what was started in it. */
export function free(): <T extends { close(): Promise<unknown> }>(app: T) => T {
  const started: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()));
  });
  return (app) => {
    started.push(app);
    return app;
  };
}
