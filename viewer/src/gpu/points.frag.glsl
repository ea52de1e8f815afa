#version 300 es
// A square, or a disc whose edge is one pixel wide, with a lighter rim within; premultiplied alpha.
precision highp float;

uniform bool u_disc;
uniform float u_pointSize; // of the drawn square: a disc's diameter + 1
uniform float u_alpha;
uniform float u_rim; // how far the disc's outermost pixel is mixed with the background
uniform vec3 u_background;

flat in vec3 v_color;

out vec4 o_color;

void main() {
  float alpha = u_alpha;
  vec3 color = v_color;
  if (u_disc) {
    float fromCenter = length(gl_PointCoord - 0.5) * u_pointSize;
    float covered = clamp(u_pointSize * 0.5 - fromCenter, 0.0, 1.0);
    float inside = clamp(u_pointSize * 0.5 - 1.0 - fromCenter, 0.0, 1.0);
    if (covered > 0.0) color = mix(u_background, color, 1.0 - u_rim * (1.0 - inside / covered));
    alpha *= covered;
  }
  o_color = vec4(color * alpha, alpha);
}
