import type { Provider } from '@pydantic/genai-prices';

/** The offline catalogue that the package carries. It is large, and nothing is fetched. */
export async function loadCatalogue(): Promise<Provider[]> {
  const { waitForUpdate } = await import('@pydantic/genai-prices');
  return (await waitForUpdate()) ?? [];
}
