// What was really painted, while the page's own script may be stuck: frames of the screencast, and
// how much alike two pictures are. Decoded by a blank page, for Node has no decoder of pictures.

/** The frames painted while `act` runs, each with how long after its begin it came. */
export async function picturesWhile(page, act) {
  const session = await page.context().newCDPSession(page);
  const pictures = [];
  const begun = Date.now();
  session.on("Page.screencastFrame", ({ data, sessionId }) => {
    pictures.push({ atMs: Date.now() - begun, png: data });
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  await act();
  await session.send("Page.stopScreencast");
  await session.detach();
  return pictures;
}

/** For each picture and each named model, 0 to 1: 1 means the same in every point. */
export async function similarity(browser, pictures, models) {
  const page = await browser.newPage();
  const named = Object.fromEntries(
    Object.entries(models).map(([name, png]) => [name, png.toString("base64")]),
  );
  const found = [];
  for (const { atMs, png } of pictures) {
    const alike = await page.evaluate(
      async ([picture, wanted]) => {
        const [width, height] = [320, 200];
        const points = async (base64) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const context = new OffscreenCanvas(width, height).getContext("2d");
          context.drawImage(image, 0, 0, width, height);
          return context.getImageData(0, 0, width, height).data;
        };
        const given = await points(picture);
        const result = {};
        for (const [name, model] of Object.entries(wanted)) {
          const other = await points(model);
          const apart = given.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0);
          result[name] = 1 - apart / (255 * given.length);
        }
        return result;
      },
      [png, named],
    );
    found.push({ atMs, ...alike });
  }
  await page.close();
  return found;
}
