// The page runs under a Content-Security-Policy without inline script, style or font data,
// so nothing may be inlined into index.html or into the style sheet.
export default {
  base: "/",
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
};
