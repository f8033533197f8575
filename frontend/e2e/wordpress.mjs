// What a person does in wp-admin: write a post and publish it, upload a picture. Each is then looked at by a browser that is nobody.

import { equal, truth } from './stage.mjs';

export const POST = { title: 'Fresh bread at seven', text: 'The ovens are on and the door is open.' };

/** Writes and publishes in the block editor; resolves with the post's address. */
export async function publishPost(admin, home) {
  await admin.goto(new URL('wp-admin/post-new.php', home).href, { waitUntil: 'domcontentloaded' });
  await admin.waitForFunction(() => window.wp?.data?.select('core/editor')?.getCurrentPostId?.());
  await dismissWelcome(admin);
  const canvas = await editorCanvas(admin);
  await canvas.locator('.editor-post-title__input').click();
  await admin.keyboard.type(POST.title);
  await admin.keyboard.press('Enter');
  await admin.keyboard.type(POST.text);
  await admin.locator('.editor-post-publish-button__button, .editor-post-publish-panel__toggle').first().click();
  await admin.locator('.editor-post-publish-panel .editor-post-publish-button').click();
  await admin.waitForFunction(() => window.wp.data.select('core/editor').isCurrentPostPublished());
  return admin.evaluate(() => window.wp.data.select('core/editor').getPermalink());
}

/** The tour that greets a new user stands in the way of the first click. */
async function dismissWelcome(admin) {
  await admin.evaluate(() => {
    window.wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false);
    window.wp.data.dispatch('core/preferences').set('core', 'enableChoosePatternModal', false);
  });
}

/** The editor draws the post in a frame of its own, or, with some themes and blocks, in the page. */
async function editorCanvas(admin) {
  const title = '.editor-post-title__input';
  await admin.waitForFunction((selector) => {
    const frame = document.querySelector('iframe[name="editor-canvas"]');
    return document.querySelector(selector) ?? frame?.contentDocument?.querySelector(selector);
  }, title);
  return (await admin.locator(title).count()) ? admin : admin.frameLocator('iframe[name="editor-canvas"]');
}

/** Uploads through the plain form that works in every browser; resolves with the picture's address. */
export async function uploadImage(admin, home, picture) {
  await admin.goto(new URL('wp-admin/media-new.php?browser-uploader', home).href);
  await admin.setInputFiles('#async-upload', { name: 'bakery.png', mimeType: 'image/png', buffer: picture });
  await Promise.all([admin.waitForURL(/upload\.php/), admin.locator('#html-upload').click()]);
  await admin.goto(new URL('wp-admin/upload.php?mode=list', home).href);
  await admin.locator('#the-list tr .row-title, #the-list tr .title a').first().click();
  return admin.locator('#attachment_url').inputValue();
}

export async function seePost(visitor, address) {
  const answer = await visitor.goto(address);
  equal(answer.status(), 200);
  truth((await visitor.title()).includes(POST.title), `the title is “${await visitor.title()}”`);
  await visitor.getByText(POST.text).first().waitFor();
}

export async function seeImage(visitor, address) {
  const answer = await visitor.goto(address);
  equal(answer.status(), 200);
  equal(answer.headers()['content-type'], 'image/png');
  const width = await visitor.evaluate(() => document.images[0].naturalWidth);
  truth(width > 0, 'the picture does not draw');
}
