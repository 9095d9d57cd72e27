# What the bot adds in Discord to what it says of itself (`bot/render/locales`). Escape values before filling them in.
self-sources-foot = { $sources } lists every publisher, and which ones a state controls. Admins add more with { $feed } and { $add }.
self-freshness-foot = What is not in these articles yet, I don't know. { $brief } shows what is new, { $status } says more.
self-news-foot = { $brief } shows what changed lately, { $story } the events that several publishers report. Or ask me about one of these.
self-trust-foot = { $sources } says which publishers a state controls. 👎 below an answer reports a mistake.
self-maker-foot = { $about } says more. To have me elsewhere, open my profile: if my operator allows it, *Add App* is there. 👎 below an answer reports a mistake.
self-tasks-can = What I can do: answer a question about world affairs, check the statements of a message ({ $menu }), and show what is new ({ $brief }).
self-privacy-foot = { $privacy } says all of it. { $export } sends you what I keep about you, { $delete } deletes it.
self-languages-foot = Admins choose my language with { $settings } (`language`).
self-setup-admins = People who may manage the server use these commands:
self-setup-feed = { $command } follows a feed, such as a newspaper's RSS; { $add } takes a link or a file
self-setup-news = { $command } posts new articles to a channel, { $briefs } a summary every day or week
self-setup-settings = { $command } chooses where and how I answer, and which publishers I hide; with `answers` = `quiet` and a channel, I answer only commands there
self-setup-remove = { $command } removes an article, { $feed } a feed
self-setup-foot = Everybody can watch a question (🔔 below its answer), delete their own answer (🗑️), and ask privately with { $ask }. { $help } lists the rest.
