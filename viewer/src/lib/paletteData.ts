// Values of the palettes, as data. Color maps: 256 RGB triples in base64; viridis, magma, cividis and RdBu
// (blue is low, red is high) as in matplotlib, cool as in d3 and so in cellxgene. Category palettes: in
// scanpy's order: Vega's 20, Zeileis's 28 and godsnot's 102 colors.

export const COLOR_MAP_DATA = {
  viridis: [
    "RAFURAJWRQRXRQVZRgdaRghcRgpdRgteRw1gRw5hRxBjRxFkRxNlSBRnSBZoSBdpSBhqSBpsSBttSBxuSB1vSB9wSCBxSCFzSCN0",
    "SCR1SCV2SCZ3SCh4SCl5Ryp6Ryx6Ry17Ry58Ry99RjB+RjJ+RjN/RjSARTWBRTeBRTiCRDmDRDqDRDuEQz2EQz6FQj+FQkCGQkGG",
    "QUKHQUSHQEWIQEaIP0eIP0iJPkmJPkqJPkyKPU2KPU6KPE+KPFCLO1GLO1KLOlOLOlSMOVWMOVaMOFiMOFmMN1qMN1uNNlyNNl2N",
    "NV6NNV+NNGCNNGGNM2KNM2ONMmSOMmWOMWaOMWeOMWiOMGmOMGqOL2uOL2yOLm2OLm6OLm+OLXCOLXGOLHGOLHKOLHOOK3SOK3WO",
    "KnaOKneOKniOKXmOKXqOKXuOKHyOKH2OJ36OJ3+OJ4COJoGOJoKOJoKOJYOOJYSOJYWOJIaOJIeOI4iOI4mOI4qNIouNIoyNIo2N",
    "IY6NIY+NIZCNIZGMIJKMIJKMIJOMH5SMH5WLH5aLH5eLH5iLH5mKH5qKHpuKHpyJHp2JH56JH5+IH6CIH6GIH6GHH6KHIKOGIKSG",
    "IaWFIaaFIqeFIqiEI6mDJKqDJauCJayCJq2BJ62BKK6AKa9/KrB/LLF+LbJ9LrN8L7R8MbV7MrZ6NLZ5Nbd5N7h4OLl3Orp2O7t1",
    "Pbx0P7xzQL1yQr5xRL9wRsBvSMFuSsFtTMJsTsNrUMRqUsVpVMVoVsZnWMdlWshkXMhjXsliYMpgY8tfZcteZ8xcac1bbM1abs5Y",
    "cM9Xc9BWddBUd9FTetFRfNJQf9NOgdNNhNRLhtVJidVIi9ZGjtZFkNdDk9dBldhAmNg+m9k8ndk7oNo5oto3pds2qNs0qtwyrdww",
    "sN0vst0ttd4ruN4put4ovd8mwN8lwt8jxeAhyOAgyuEfzeEd0OEc0uIb1eIa2OIZ2uMZ3eMY3+MY4uQY5eQZ5+QZ6uUa7OUb7+Uc",
    "8eUd9OYe9uYg+OYh++cj/ecl",
  ],
  magma: [
    "AAAEAQAFAQEGAQEIAgEJAgILAgINAwMPAwMSBAQUBQQWBgUYBgUaBwYcCAceCQcgCggiCwkkDAkmDQopDgsrEAstEQwvEg0xEw00",
    "FA42FQ44Fg87GA89GRA/GhBCHBBEHRFHHhFJIBFLIRFOIhFQJBJTJRJVJxJYKRFaKhFcLBFfLRFhLxFjMRFlMxBnNBBpNhBrOBBs",
    "OQ9uOw9wPQ9xPw9yQA90Qg91RA92RRB3RxB4SRB4ShB5TBF6ThF7TxJ7URJ8UhN8VBN9VhR9VxV+WRV+WhZ+XBZ/XRd/Xxh/YBiA",
    "YhmAZBqAZRqAZxuAaByBahyBax2BbR2Bbh6BcB+Bch+BcyCBdSGBdiGBeCKBeSKCeyOCfCOCfiSCgCWCgSWBgyaBhCaBhieBiCeB",
    "iSiBiymBjCmBjiqBkCqBkSuBkyuAlCyAliyAmC2AmS2Amy5/nC5/ni9/oC9/oTB+ozB+pTF+pjF9qDJ9qjN9qzN8rTR8rjR7sDV7",
    "sjV7szZ6tTZ6tzd5uDd5ujh4vDl4vTl3vzp3wDp2wjt1xDx1xTx0xz1zyD5zyj5yzD9xzUBxz0Bw0EFv0kJv00Nu1URt1kVs2EVs",
    "2UZr20dq3Ehp3klo30po4Exn4k1m405l5E9k5VBk51Jj6FNi6VRi6lZh61dg7Fhg7Vpf7lte711e8F9e8WBd8mJd8mRc82Vc9Gdc",
    "9Glc9Wtc9mxc9m5c93Bc93Jc+HRc+HZc+Xhd+Xld+Xtd+n1e+n9e+oFf+4Nf+4Vg+4dh/Ilh/Ipi/Ixj/I5k/JBl/ZJm/ZRn/ZZo",
    "/Zhp/Zpq/Ztr/p1s/p9t/qFu/qNv/qVx/qdy/qlz/qp0/qx2/q53/rB4/rJ6/rR7/rZ8/rd+/rl//ruB/r2C/r+E/sGF/sKH/sSI",
    "/saK/siM/sqN/syP/s2Q/s+S/tGU/tOV/tWX/teZ/tia/dqc/dye/d6g/eCh/eKj/eOl/eWn/eep/emq/eus/Oyu/O6w/PCy/PK0",
    "/PS2/Pa4/Pe5/Pm7/Pu9/P2/",
  ],
  cividis: [
    "ACJOACNPACRRACVTACVUACZWACdYAChZAChbACldACpfACphACtiACxkACxmAC1oAC5qAC5sAC9tADBvADBwADFwADFxATJxBTNx",
    "CDNwDDRwDzVwEjVwFDZwFjdwGDdvGjhvHDlvHjpvIDpvITtuIzxuJDxuJj1uJz5uKT9uKj9tK0BtLUFtLkFtL0JtMUNtMkNtM0Rt",
    "NEVsNUVsNkZsOEdsOUhsOkhsO0lsPEpsPUpsPktsP0xsQExsQU1sQk5sQ05sRE9sRVBsRlFsR1FsSFJsSVNsSlNsS1RsTFVsTVVs",
    "TlZsT1dsUFdsUVhtUlltU1ptVFptVVttVVxtVlxtV11tWF5tWV5uWl9uW2BuXGFuXWFuXmJuXmNvX2NvYGRvYWVvYmVvY2ZwZGdw",
    "ZWhwZWhwZmlwZ2pxaGpxaWtxamxxa21ybG1ybG5ybW9ybm9zb3BzcHFzcXJ0cnJ0cnN0c3R1dHR1dXV1dnZ2d3d2d3d3eHh3eXl3",
    "enp4e3p4fHt4fXx4fnx4fn14f354gH94gX94goB5g4F5hIJ5hYJ5hoN5h4R4iIV4iYV4ioZ4i4d4jIh4jYh4jol4j4p4kIt4kYt4",
    "kox4ko14k454lI53lY93lpB3l5F3mJJ3mZJ3mpN2m5R2nJV2nZV2npZ2n5d1oJh1oZl1opl1o5p0pJt0pZx0ppx0p51zqJ5zqZ9z",
    "qqBzq6ByrKFyraJyrqNxr6RxsKVxsaVws6ZwtKdvtahvtqlvt6luuKpuuattuqxtu61tvK5sva5svq9rv7BrwLFqwbJqwrNpw7Np",
    "xLRoxbVoxrZnx7dnyLhmyblly7llzLpkzbtjzrxjz71i0L5i0b9h0sBg08Bf1MFf1cJe1sNd18Rc2cVc2sZb28da3MhZ3chY3slY",
    "38pX4MtW4cxV4s1U5M5T5c9S5tBR59FQ6NJP6dNO6tNM69RL7dVK7tZJ79dI8NhG8dlF8tpE89tC9dxB9t0/994++N88+eA6++E4",
    "/OI2/eM0/uQ0/uU1/uY2/ug4",
  ],
  cool: [
    "bkCqbUGrbUGtbUKubEOvbEOwa0Sya0Wzaka0aka1ake3aUi4aEm5aEq6Z0q7Z0u9Zky+Zk2/ZU7AZU/BZFDCY1DDY1HEYlLFYVPG",
    "YVTHYFXIX1bJX1fKXljLXVnMXFrNXFvOW1zPWl3QWV7RWV/RWGDSV2HTVmLUVmPVVWTVVGXWU2bXUmfXUWjYUWnZUGrZT2vaTmza",
    "TW3bTG7bS3DcS3HcSnLdSXPdSHTeR3XeRnbfRXffRHnfRHrfQ3vgQnzgQX3gQH7gP4DhPoHhPYLhPYPhPIThO4bhOofhOYjhOInh",
    "N4rhN4zhNo3hNY7hNI/hM5DhMpLhMpPhMZTgMJXgL5bgLpjgLpnfLZrfLJvfK5zeK57eKp/dKaDdKaHdKKLcJ6TcJqXbJqbbJafa",
    "JajZJKrZI6vYI6zYIq3XIq7WIa/VIbHVILLUILPTH7TSH7XSHrbRHrjQHbnPHbrOHbvNHLzMHL3MHL7LG7/KG8DJG8LIGsPHGsTG",
    "GsXFGsbEGsfCGsjBGcnAGcq/Gcu+Gcy9Gc28Gc67Gc+5GdC4GdG3GdK2GdO1GtS0GtWyGtWxGtawGtevG9itG9msG9qrG9uqHNuo",
    "HNynHN2mHd6kHd+jHt+iHuCgH+GfH+KeIOKdIOObIeSaIuWZIuWXI+aWJOeVJOeTJeiSJuiRJ+mPJ+qOKOqNKeuMKuuKK+yJLOyI",
    "Le2HLu2FL+6EMO6DMe+CMu+AM/B/NPB+NfB9N/F8OPF6OfJ5OvJ4O/J3PfN2PvN1P/N0QfNzQvRxQ/RwRfRvRvRuSPVtSfVsS/Vr",
    "TPVqTvVqT/ZpUfZoUvZnVPZmVfZlV/ZkWfZkWvZjXPZiXvZhX/dhYfdgY/dfZPdfZvdeaPddavdda/ZcbfZcb/ZbcfZbc/ZadPZa",
    "dvZZePZZevZZfPZYfvZYgPVYgfVYg/VXhfVXh/VXifVXi/RXjfRXj/RXkfRXk/RXlPNXlvNXmPNXmvNXnPJXnvJYoPJYovJYpPFY",
    "pvFZqPFZqvFZq/BarfBar/Bb",
  ],
  rdbu: [
    "BTBhBjJkBzRnCDZqCThtCjtwDD1zDT92DkF5D0N7EEV+EUeBEkmEE0yHFE6KFVCNF1KQGFSTGVaWGliZG1qcHFyfHV+iHmGlH2Oo",
    "IGWrImesI2mtJGquJmyvJ26wKHCxKnGyK3OzLHW0Lne1L3m1MHq2Mny3M364NIC5NoG6N4O7OIW8Ooe9O4i+PIq+Poy/P47AQI/B",
    "QpHCQ5PDRpXESZfFTJnGT5vHUp3IVp/JWaHKXKPLX6XNYqfOZanPaKvQa6zRbq7ScbDTdbLUeLTVe7bWfrjXgbrYhLzZh77aisDb",
    "jcLckMTdk8belsffmMjgm8ngncvhoMzios3jpc7jp9DkqdHlrNLlrtPmsdXns9bottfouNjpu9rqvdvqwNzrwt3sxd/sx+DtyuHu",
    "zOLvz+Tv0eXw0ubw1Obx1efx1+jx2Onx2uny2+ry3evy3uvy4Ozz4e3z4+3z5O705u/05/D06fD06vH17PL17fL17/P18PT28vX2",
    "8/X29fb39vf39/b29/X0+PTy+PPw+PLv+PHt+fDr+e/p+e7n+e3l+evj+urh+unf+uje+ufc++ba++XY++TW++PU/OLS/ODQ/N/P",
    "/N7N/d3L/dzJ/dvH/dnE/NfC/NW//NO8+9C5+863+8y0+sqx+siv+cas+cSp+cKn+L+k+L2h+Lue97mc97eZ97WW9rOU9rGR9q+O",
    "9ayL9aqJ9aiG9KaD86SB8qF/8Z598Jx775l57pZ37JN065Fy6o5w6Ytu6Ils5oZq5YNo5IBm435k4nti4Xhg33Ze3nNc3XBZ3G5X",
    "22tV2mhT2GVR12NP1mBN1V1M01pK0lhJ0FVIz1JGzk9FzExEy0lCyUdByERAxkE+xT49xDs8wjg6wTY5vzM4vjA2vS01uyo0uigy",
    "uCUxtyIwth8utBwtsxkssRgrrhcqqxYqqBUppRQpohMonxIonBEnmRAnlg8nkw4mkA0mjQwligslhwokhAkkgQgjfwgjfAcieQYi",
    "dgUhcwQhcAMgbQIgagEfZwAf",
  ],
} as const;

export const VEGA_20 = hexes(`
  1f77b4 ff7f0e 279e68 d62728 aa40fc 8c564b e377c2 b5bd61 17becf aec7e8 ffbb78 98df8a ff9896 c5b0d5
  c49c94 f7b6d2 dbdb8d 9edae5 ad494a 8c6d31
`);

export const ZEILEIS_28 = hexes(`
  023fa5 7d87b9 bec1d4 d6bcc0 bb7784 8e063b 4a6fe3 8595e1 b5bbe3 e6afb9 e07b91 d33f6a 11c638 8dd593
  c6dec7 ead3c6 f0b98d ef9708 0fcfc0 9cded6 d5eae7 f3e1eb f6c4e1 f79cd4 7f7f7f c7c7c7 1ce6ff 336600
`);

export const GODSNOT_102 = hexes(`
  ffff00 1ce6ff ff34ff ff4a46 008941 006fa6 a30059 ffdbe5 7a4900 0000a6 63ffac b79762 004d43 8fb0ff
  997d87 5a0007 809693 6a3a4c 1b4400 4fc601 3b5dff 4a3b53 ff2f80 61615a ba0900 6b7900 00c2a0 ffaa92
  ff90c9 b903aa d16100 ddefff 000035 7b4f4b a1c299 300018 0aa6d8 013349 00846f 372101 ffb500 c2ffed
  a079bf cc0744 c0b9b2 c2ff99 001e09 00489c 6f0062 0cbd66 eec3ff 456d75 b77b68 7a87a1 788d66 885578
  fad09f ff8a9a d157a0 bec459 456648 0086ed 886f4c 34362d b4a8bd 00a6aa 452c2c 636375 a3c8c9 ff913f
  938a81 575329 00fecf b05b6f 8cd0ff 3b9700 04f757 c8a1a1 1e6e00 7900d7 a77500 6367a9 a05837 6b002c
  772600 d790ff 9b9700 549e79 fff69f 201625 72418f bc23ff 99adc0 3a2465 922329 5b4534 fde8dc 404e55
  0089a3 cb7e98 a4e804 324e72
`);

function hexes(list: string): readonly string[] {
  return list
    .trim()
    .split(/\s+/)
    .map((hex) => `#${hex}`);
}
