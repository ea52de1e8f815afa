#version 300 es
// The four corners of the picture.
precision highp float;

uniform vec4 u_box; // clip space: left, bottom, width, height

out vec2 v_place; // in the picture, from its top left

void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  v_place = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(u_box.xy + corner * u_box.zw, 0.0, 1.0);
}
