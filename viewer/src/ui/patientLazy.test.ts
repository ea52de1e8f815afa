import { expect, it, vi } from "vitest";
import { patiently } from "./patientLazy";

it("asks again until the part is there", async () => {
  const load = vi.fn().mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValue("part");
  expect(await patiently(load, () => 0)).toBe("part");
  expect(load).toHaveBeenCalledTimes(2);
});

it("gives up in a sentence when it never comes", async () => {
  const load = vi.fn().mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(patiently(load, () => 0)).rejects.toThrow("Reload the page.");
  expect(load).toHaveBeenCalledTimes(20);
});
