#version 300 es
// One point of one layer. Points of other classes are put outside the clip space.
precision highp float;
precision highp int;
precision highp sampler2D;

const uint MISSING = 0xffffu;
const int PALETTE_WIDTH = 1024;

layout(location = 0) in vec2 a_place; // normalized coordinates
layout(location = 1) in uint a_ink; // color code, and the class in the bits above 16

uniform vec2 u_center; // of the view, normalized coordinates
uniform vec2 u_centerRest; // what of it single precision cannot say: far in, it is many pixels
uniform vec2 u_scale; // clip space per unit
uniform uint u_drawn; // the class of this layer
uniform float u_pointSize; // device pixels
uniform bool u_coded; // else all points have u_plain
uniform bool u_ramped;
uniform vec2 u_ramp; // codes of the palette's ends
uniform int u_colors; // in the palette
uniform sampler2D u_palette;
uniform vec3 u_plain;
uniform vec3 u_missing;
uniform vec3 u_background;
uniform float u_fade;

flat out vec3 v_color;

int paletteIndex(uint code) {
  if (!u_ramped) return min(int(code), u_colors - 1);
  float width = u_ramp.y - u_ramp.x;
  float t = width > 0.0 ? clamp((float(code) - u_ramp.x) / width, 0.0, 1.0) : step(u_ramp.x, float(code));
  return int(floor(t * float(u_colors - 1) + 0.5));
}

vec3 colorOf(uint code) {
  if (!u_coded) return u_plain;
  if (code == MISSING) return u_missing;
  int index = paletteIndex(code);
  return texelFetch(u_palette, ivec2(index % PALETTE_WIDTH, index / PALETTE_WIDTH), 0).rgb;
}

void main() {
  gl_PointSize = u_pointSize;
  if (a_ink >> 16u != u_drawn) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    v_color = vec3(0.0);
    return;
  }
  gl_Position = vec4((a_place - u_center - u_centerRest) * u_scale, 0.0, 1.0);
  v_color = mix(colorOf(a_ink & 0xffffu), u_background, u_fade);
}
