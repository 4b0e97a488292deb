import type { Routes } from './server.ts';

/** Whatever keeps metrics: prom-client's registry. */
export interface MetricsSource {
  readonly contentType: string;
  /** The metrics of this moment, in the text that Prometheus reads. */
  metrics(): Promise<string>;
}

/** `/metrics`, for Prometheus. */
export function metricsRoutes(source: MetricsSource): Routes {
  return (app) => {
    app.get('/metrics', async (context) =>
      context.body(await source.metrics(), 200, { 'Content-Type': source.contentType }),
    );
  };
}
