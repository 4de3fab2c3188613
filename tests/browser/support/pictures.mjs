// What was really painted, while the page's own script may be stuck: frames of the screencast, and
// how much alike two pictures are. Decoded by a blank page, for Node has no decoder of pictures.

/** The frames painted while `act` runs, each with how long after its begin that was; `paintedS` is
 * when, by the browser's clock. `cast`: as the browser's screencast takes it. */
export async function picturesWhile(page, act, cast = { format: "png" }) {
  const session = await page.context().newCDPSession(page);
  const pictures = [];
  const begun = Date.now();
  session.on("Page.screencastFrame", ({ data, sessionId, metadata }) => {
    const paintedS = metadata.timestamp;
    pictures.push({ atMs: paintedS * 1000 - begun, paintedS, picture: data });
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { everyNthFrame: 1, ...cast });
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
  for (const { atMs, picture } of pictures) {
    const alike = await page.evaluate(
      async ([given64, wanted]) => {
        const [width, height] = [320, 200];
        const points = async (base64) => {
          const image = new Image();
          image.src = `data:image/png;base64,${base64}`;
          await image.decode();
          const context = new OffscreenCanvas(width, height).getContext("2d");
          context.drawImage(image, 0, 0, width, height);
          return context.getImageData(0, 0, width, height).data;
        };
        const given = await points(given64);
        const result = {};
        for (const [name, model] of Object.entries(wanted)) {
          const other = await points(model);
          const apart = given.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0);
          result[name] = 1 - apart / (255 * given.length);
        }
        return result;
      },
      [picture, named],
    );
    found.push({ atMs, ...alike });
  }
  await page.close();
  return found;
}

/** For each picture, a JPEG: the mean lightness, 0 to 255, of each named place of the page. A place
 * is a box in CSS pixels: {x, y, width, height}. */
export async function lightness(browser, pictures, places) {
  const page = await browser.newPage();
  const found = [];
  for (const { paintedS, picture } of pictures) {
    const levels = await page.evaluate(
      async ([base64, boxes]) => {
        const image = new Image();
        image.src = `data:image/jpeg;base64,${base64}`;
        await image.decode();
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        const mean = ({ x, y, width, height }) => {
          const { data } = context.getImageData(x, y, width, height);
          const luma = (i) => 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
          let sum = 0;
          for (let i = 0; i < data.length; i += 4) sum += luma(i);
          return (4 * sum) / data.length;
        };
        return Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, mean(box)]));
      },
      [picture, places],
    );
    found.push({ atMs: paintedS * 1000, ...levels });
  }
  await page.close();
  return found;
}

/** The mean relative luminance of a picture, a PNG: 0 is black, 1 all white (WCAG 2.2). */
export async function luminance(browser, png) {
  const page = await browser.newPage();
  const mean = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const linear = (byte) => {
      const level = byte / 255;
      return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    };
    const of = Array.from({ length: 256 }, (_, byte) => linear(byte));
    let sum = 0;
    for (let i = 0; i < data.length; i += 4)
      sum += 0.2126 * of[data[i]] + 0.7152 * of[data[i + 1]] + 0.0722 * of[data[i + 2]];
    return (4 * sum) / data.length;
  }, png.toString("base64"));
  await page.close();
  return mean;
}
