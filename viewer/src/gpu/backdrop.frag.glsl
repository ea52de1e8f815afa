#version 300 es
// One pixel of the picture beneath the points; premultiplied alpha.
precision mediump float;

uniform sampler2D u_image;
uniform float u_opacity;

in vec2 v_place;

out vec4 o_color;

void main() {
  vec4 color = texture(u_image, v_place);
  float alpha = color.a * u_opacity;
  o_color = vec4(color.rgb * alpha, alpha);
}
