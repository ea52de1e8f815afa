import { expect, test } from "vitest";
import { type NamedGl, softwareGl } from "./device";

function named(unmasked: string | null, masked = "WebKit WebGL"): NamedGl {
  return {
    RENDERER: 1,
    getExtension: () => (unmasked === null ? null : { UNMASKED_RENDERER_WEBGL: 2 }),
    getParameter: (parameter) => (parameter === 2 ? unmasked : masked),
  };
}

test.each([
  "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
  "llvmpipe (LLVM 15.0.7, 256 bits)",
  "Gallium 0.4 on softpipe",
  "ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)",
  "Apple Software Renderer",
])("%s is software", (name) => {
  expect(softwareGl(named(name))).toBe(true);
});

test.each([
  "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)",
  "ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)",
  "Apple M2",
  "Mali-G78",
])("%s is a GPU", (name) => {
  expect(softwareGl(named(name))).toBe(false);
});

test("without the unmasked name the plain one decides, as in Firefox", () => {
  expect(softwareGl(named(null, "llvmpipe, or similar"))).toBe(true);
  expect(softwareGl(named(null))).toBe(false);
});
