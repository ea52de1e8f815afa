#version 300 es
// A square, or a disc whose edge is one pixel wide; premultiplied alpha.
precision highp float;

uniform bool u_disc;
uniform float u_pointSize; // of the drawn square: a disc's diameter + 1
uniform float u_alpha;

flat in vec3 v_color;

out vec4 o_color;

void main() {
  float alpha = u_alpha;
  if (u_disc) {
    float fromCenter = length(gl_PointCoord - 0.5) * u_pointSize;
    alpha *= clamp(u_pointSize * 0.5 - fromCenter, 0.0, 1.0);
  }
  o_color = vec4(v_color * alpha, alpha);
}
