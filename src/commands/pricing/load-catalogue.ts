import type { Provider } from '@pydantic/genai-prices';

/** Loads the offline catalogue of the package on demand, since it is large. Nothing is fetched. */
export async function loadCatalogue(): Promise<Provider[]> {
  const { waitForUpdate } = await import('@pydantic/genai-prices');
  return (await waitForUpdate()) ?? [];
}
