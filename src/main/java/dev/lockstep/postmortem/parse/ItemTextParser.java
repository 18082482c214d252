package dev.lockstep.postmortem.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the text of one item: "[ ] AI-3: Add an index (@dana, by 2026-12-01) - OPS-12". Recognized
 * parts are blanked out; the remainder is the title.
 */
final class ItemTextParser {
  private static final Pattern CHECKBOX = Pattern.compile("^\\s*\\[([ xX✓✔])?\\](?=\\s|$)");

  /** A checkbox with a special sign: {@code [-]}, {@code [~]}, {@code [>]}. */
  private static final Pattern SIGNED_BOX = Pattern.compile("^\\s*+(\\[[-~>/!?*]\\])(?=\\s)");

  /** An item that was struck out, and the reason. */
  private static final Pattern STRUCK_FOR =
      Pattern.compile("^\\s*+~~[^~]++~~[\\s(\\[:–—-]++([^~]{3,40}?)[\\s.)\\]]*+$");

  private static final Pattern CALENDAR = Pattern.compile(":(?:calendar|date|spiral_calendar):");
  private static final Pattern MARKER =
      Pattern.compile(
          "(?i)^\\s*(?:\\[(?:action items?|actions?|ai|to-?do|follow-?up)\\]\\s*:?"
              + "|(?:action item|action|ai|to-?do|follow-?up)s?\\s*:)\\s*");
  private static final Pattern TICK = Pattern.compile("^\\s*(?:✅|☑|✔|✓)\\uFE0F?\\s*|\\s*✅\\s*$");
  private static final Pattern STRUCK = Pattern.compile("^\\s*~~(.*)~~[\\s.]*$", Pattern.DOTALL);
  private static final Pattern SAID_DONE =
      Pattern.compile(
          "(?i)\\((?:already"
              + " )?done\\b[^()]*\\)|^\\s*\\[?done\\]?\\s*:|^\\s*\\[done\\]|\\[done\\]\\s*$");
  private static final Pattern ID =
      Pattern.compile(
          "^\\s*((?:AI|A|AP|Action|Action Item|Item|Task|T)[- #]?\\d{1,4})\\s*(?:[:.)–—]|-\\s)\\s*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern VALUE_ENDS =
      Pattern.compile("[|;。()\\[\\]\\n]|\\s[-–—]{1,3}\\s|\\.(?=\\s|$)|\\s(?=\\*|·|📅|⏳)");
  private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)|\\[([^\\[\\]]*)\\]");
  private static final Pattern AT_END =
      Pattern.compile(
          "((?:"
              + OwnerPatterns.MENTION
              + "(?:\\s{0,3}[,/&+]\\s{0,3}|\\s{1,3}and\\s{1,3}|\\s{1,3})?){1,20})[\\s.)\\]]*+$");
  private static final Pattern LAST_WORD = Pattern.compile("([\\p{L}]+)\\s*$");
  private static final Pattern AT_START =
      Pattern.compile(
          "^\\s*("
              + OwnerPatterns.MENTION
              + "(?:[\\s,/&+]{1,3}(?:and )?"
              + OwnerPatterns.MENTION
              + "){0,9})(?:\\s*:|(?=\\s+(?:to|will|should)\\s))");
  private static final Pattern RANK =
      Pattern.compile("[\\[(]\\s*(P[0-5])\\s*[\\])]|^\\s*(P[0-5])\\s*(?:[:–—-])\\s");
  private static final List<String> NO_OWNER_AFTER =
      List.of(
          "from",
          "with",
          "to",
          "cc",
          "via",
          "of",
          "for",
          "ask",
          "tell",
          "ping",
          "and",
          "thanks",
          "see",
          "like",
          "as",
          "in",
          "on",
          "than",
          "or",
          "mention",
          "mentions",
          "mentioned");

  /** A link text that only names the ticket is not part of the title. */
  private static final Pattern GENERIC =
      Pattern.compile(
          "(?i)\\W*(?:the |this )?(?:github |gitlab |jira )?(?:issue|pr|pull request|mr|merge"
              + " request|ticket|bug|jira|link|pull)?\\W*#?\\d*\\W*");

  private static final Pattern EMPTY_BRACKETS =
      Pattern.compile(
          "(?i)[(\\[]\\s*(?:(?:see|cf|via|in|ref|link|tracked in)\\b)?[\\s,;:./&|-]*[)\\]]");

  /** Limit per paragraph, in characters. Bounds the cost of hostile input. */
  private static final int READ = 4000;

  private static final int LONG = 120;
  private static final int LONGEST = 250;

  /** Only a person between the item and its date: "- Ana Ops - 12 Dec 2026". */
  private static final Pattern NAMED_LAST =
      Pattern.compile("\\s(?:[-–—]{1,3}|->|[→|])\\s+(" + OwnerPatterns.FULL_NAME + ")\\s*+$");

  /** A full name after an @, up to the next part. */
  private static final Pattern FULL_MENTION =
      Pattern.compile(
          "@\\p{Lu}[\\p{L}'’-]*+(?: \\p{Lu}\\p{Ll}[\\p{L}'’-]*+){1,2}"
              + "(?=\\s*+(?:$|[-–—,;|:)\\]→(@⏳📅.]|due\\b|by\\b))");

  private static final Pattern LAST_SEPARATOR =
      Pattern.compile("(?:\\s[-–—]{1,3}|->|[→|:])\\s+([^-–—→|:]{3,60}?)[\\s.]*+$");
  private static final Pattern FIRST_SEPARATOR = Pattern.compile("^\\s*+([^:]{3,40}):\\s");
  private static final Pattern SHOUTED = Pattern.compile("(?:^|\\s)(\\p{Lu}{4,12})[\\s.]*+$");

  private final InlineText text;
  private final StringBuilder rest;
  private final ItemBuilder facts;
  private final Lexicon lexicon;
  private final Dates dates;

  private ItemTextParser(InlineText text, ItemBuilder facts) {
    this.text = text;
    this.rest = new StringBuilder(text.text());
    this.facts = facts;
    this.lexicon = facts.lexicon;
    this.dates = lexicon.dates();
  }

  /**
   * @param nested a nested bullet, in which a name before a colon is a speaker
   */
  static ItemBuilder read(Lexicon lexicon, InlineText text, boolean nested) {
    return read(text, nested, new ItemBuilder(lexicon));
  }

  /**
   * @param stated what is already known of the item, so that it is not reported as missing
   */
  static ItemBuilder read(InlineText text, boolean nested, ItemBuilder stated) {
    MarkdownSource.refuseIfInterrupted();
    ItemBuilder facts = new ItemBuilder(stated.lexicon);
    boolean tooLong = text.text().length() > READ;
    new ItemTextParser(chips(tooLong ? text.upTo(READ) : text, stated.lexicon.dates()), facts)
        .read(nested, stated);
    if (tooLong) {
      facts.problems.add(
          "only the first %d letters of the paragraph are read; put the detail into a second one"
              .formatted(READ));
    }
    return facts;
  }

  /** Converts links to people, and full names after an @, to mentions. */
  private static InlineText chips(InlineText text, Dates dates) {
    InlineText chips = text;
    for (int i = text.links().size() - 1; i >= 0; i--) {
      InlineText.Reference link = text.links().get(i);
      if (OwnerPatterns.isPerson(link.address()) && isOutsideSentence(text.text(), link, dates)) {
        String words = text.text().substring(link.from(), link.to());
        String person =
            link.address().toLowerCase(Locale.ROOT).startsWith("mailto:")
                ? OwnerPatterns.mailbox(link.address())
                : words.replaceFirst("^@", "").replace(' ', OwnerPatterns.GLUE);
        chips = chips.replaced(link.from(), link.to(), "@" + person);
      }
    }
    Matcher name = FULL_MENTION.matcher(chips.text());
    StringBuilder glued = new StringBuilder(chips.text());
    while (name.find()) {
      for (int i = name.start(); i < name.end(); i++) {
        if (glued.charAt(i) == ' ') {
          glued.setCharAt(i, OwnerPatterns.GLUE);
        }
      }
    }
    return new InlineText(glued.toString(), chips.links(), chips.codes());
  }

  private static boolean isOutsideSentence(String text, InlineText.Reference link, Dates dates) {
    String before = text.substring(0, link.from()).stripTrailing();
    String behind = text.substring(link.to()).strip();
    return before.isEmpty()
        || "-–—(,;:|→>)".indexOf(before.charAt(before.length() - 1)) >= 0
        || behind.length() <= 1
        || (",;-–—→".indexOf(behind.charAt(0)) >= 0
            && dates.find(behind.substring(1).strip()).lookingAt())
        || dates.find(behind).lookingAt();
  }

  /** Texts with an explicit marker such as "**Action item:** …" or "[Action Item] …". */
  static boolean isMarkedAsItem(String text) {
    Matcher marker = MARKER.matcher(text);
    return marker.find()
        && !text.substring(marker.end()).isBlank()
        && text.substring(0, marker.end())
            .matches("(?is)\\s*(\\[.*|(action item|ai|to-?do)s?\\s*:\\s*)");
  }

  static boolean hasCheckbox(String text) {
    return CHECKBOX.matcher(text).find();
  }

  private void read(boolean nested, ItemBuilder stated) {
    facts.checkbox = cut(CHECKBOX);
    Matcher box = CHECKBOX.matcher(text.text());
    facts.ticked = box.find() && box.group(1) != null && !box.group(1).isBlank();
    markedDates();
    signedBox();
    struck();
    facts.ticked |= cut(TICK);
    cut(MARKER);
    facts.ticked |= cut(SAID_DONE);
    id();
    tickets();
    labels();
    rank();
    statuses();
    groups();
    labelledDue();
    dueWithPreposition();
    // Repeated: the person before a date is now at the end.
    groups();
    mentions(nested);
    dueWithPreposition();
    statuses();
    // Repeated: text after a ticket may have been removed.
    tickets();
    new LeftoverFacts(rest.toString(), facts, stated, this::inCode).report();
    title();
  }

  /** Some tools write a date as a mention: {@code @December 4, 2026}. */
  private void markedDates() {
    Matcher calendar = CALENDAR.matcher(text.text());
    while (calendar.find()) {
      blank(calendar.start(), calendar.end());
      rest.setCharAt(calendar.start(), '⏳');
    }
    for (int at = rest.indexOf("@"); at >= 0; at = rest.indexOf("@", at + 1)) {
      if (!inCode(at) && dates.find(rest).region(at + 1, rest.length()).lookingAt()) {
        rest.setCharAt(at, '⏳');
      }
    }
  }

  /** A status in brackets at an end, before a colon at the start, or after a dash at the end. */
  private void statuses() {
    Matcher group = GROUP.matcher(rest.toString());
    while (group.find()) {
      String inside = group.group().substring(1, group.group().length() - 1);
      if (atAnEnd(group.start(), group.end())) {
        status(inside, group.start(), group.end());
      }
    }
    Matcher first = FIRST_SEPARATOR.matcher(rest.toString());
    if (first.find()) {
      status(first.group(1), first.start(), first.end());
    }
    Matcher last = LAST_SEPARATOR.matcher(rest.toString());
    if (last.find()) {
      status(last.group(1), last.start(), last.end());
    }
    Matcher shouted = SHOUTED.matcher(rest.toString());
    if (shouted.find()) {
      status(shouted.group(1), shouted.start(), shouted.end());
    }
  }

  private void status(String words, int from, int to) {
    Status status = words.strip().length() < 3 ? null : lexicon.statuses().parseExact(words);
    if (status != null && !inCode(from) && !rest.substring(from, to).isBlank()) {
      facts.status(status, words.strip());
      blank(from, to);
    }
  }

  private void signedBox() {
    Matcher signed = SIGNED_BOX.matcher(rest);
    if (signed.find()) {
      facts.checkbox = true;
      facts.status(Status.UNCLEAR, signed.group(1));
      blank(signed.start(), signed.end());
    }
  }

  private void struck() {
    Matcher why = STRUCK_FOR.matcher(rest);
    if (why.find() && lexicon.statuses().parseExact(why.group(1)) != null) {
      status(why.group(1), why.start(1), why.end(1));
      return;
    }
    Matcher struck = STRUCK.matcher(rest);
    if (struck.find() && struck.group(1).indexOf("~~") < 0) {
      facts.ticked = true;
      blank(struck.end(1), struck.end(1) + 2);
      blank(struck.start(1) - 2, struck.start(1));
    }
  }

  private void id() {
    Matcher id = ID.matcher(rest);
    if (id.find()) {
      facts.id = id.group(1).strip();
      blank(id.start(), id.end());
    }
  }

  /** A ticket at an end sets {@code ticket}; within a sentence it stays in the title. */
  private void tickets() {
    for (InlineText.Reference link : text.links()) {
      String words = text.text().substring(link.from(), link.to());
      String key = TicketPatterns.findKeyInUrl(link.address());
      String found = key == null ? TicketPatterns.findIssueUrl(link.address()) : key;
      if (found == null) {
        continue;
      }
      facts.ticket(found);
      boolean generic = words.startsWith("http") || GENERIC.matcher(words).matches();
      if (generic && atAnEnd(link.from(), link.to())) {
        blank(link.from(), link.to());
      }
    }
    keys();
  }

  private void keys() {
    Matcher key = TicketPatterns.findKeys(text.text());
    while (key.find()) {
      if (!inCode(key.start()) && !insideAddress(key.start())) {
        facts.ticket(key.group(1));
        if (key.group(1).equals(facts.ticket) && atAnEnd(key.start(), key.end())) {
          blank(key.start(), key.end());
        }
      }
    }
  }

  private boolean insideAddress(int at) {
    return text.links().stream()
        .anyMatch(
            link ->
                link.from() <= at && at < link.to() && text.text().startsWith("http", link.from()));
  }

  private boolean atAnEnd(int from, int to) {
    int before = from;
    while (before > 0 && " \n\t[(:".indexOf(rest.charAt(before - 1)) >= 0) {
      before--;
    }
    int behind = to;
    while (behind < rest.length() && " \n\t.)]".indexOf(rest.charAt(behind)) >= 0) {
      behind++;
    }
    String enclosed = rest.substring(before, from);
    String closed = rest.substring(to, behind).strip();
    return before == 0
        || behind == rest.length()
        || (!closed.isEmpty()
            && ")]".indexOf(closed.charAt(0)) >= 0
            && (enclosed.contains("(") || enclosed.contains("[")));
  }

  private void labels() {
    Matcher label = lexicon.labels(rest.toString());
    int from = 0;
    while (label.find(from)) {
      from = label.end();
      ColumnRole field = lexicon.columns().label(label.group(1));
      if (inCode(label.start()) || !begins(label, field)) {
        continue;
      }
      int end = valueEnd(label.end(), field);
      String value = rest.substring(label.end(), end);
      if (take(field, label.end(), end, value)) {
        blank(label.start(), label.end());
        from = Math.max(from, label.end());
        label.reset(rest.toString());
      }
    }
  }

  /** A label starts a part; in "the code owner: a file" it does not. */
  private boolean begins(Matcher label, ColumnRole field) {
    String before = rest.substring(0, label.start()).stripTrailing();
    boolean colon = label.group().contains(":") || label.group().contains("=");
    char last = before.isEmpty() ? '.' : before.charAt(before.length() - 1);
    boolean opens =
        "(,;|.–—-[]!?)*·/、。→".indexOf(last) >= 0
            || label.start() == 0
            || rest.substring(0, label.start()).endsWith("\n");
    boolean capital = !Character.isLowerCase(label.group(1).charAt(0));
    boolean mention = rest.substring(label.end()).startsWith("@");
    if (field == ColumnRole.TICKET || field == ColumnRole.STATUS) {
      return colon && opens;
    }
    String value = VALUE_ENDS.split(rest.substring(label.end()), 2)[0];
    return mention
        || (colon ? opens || capital : capital && (opens || OwnerPatterns.isName(value)));
  }

  private int valueEnd(int from, ColumnRole field) {
    int end = rest.length();
    Matcher stop = VALUE_ENDS.matcher(rest);
    if (stop.find(from)) {
      end = stop.start();
    }
    Matcher next = lexicon.labels(rest);
    int search = from;
    while (next.find(search) && next.start() < end) {
      if (begins(next, lexicon.columns().label(next.group(1)))) {
        end = next.start();
        break;
      }
      search = next.end();
    }
    if (field != ColumnRole.DUE) {
      return end;
    }
    Matcher date = dates.find(rest).region(from, rest.length());
    if (date.lookingAt()) {
      return date.end();
    }
    for (int at = from; at < end; at++) {
      if (rest.charAt(at) == ',' || rest.charAt(at) == '、') {
        return at;
      }
    }
    return end;
  }

  private boolean take(ColumnRole field, int from, int end, String value) {
    if (field == ColumnRole.OWNER) {
      return owners(from, end);
    }
    if (field == ColumnRole.TICKET) {
      // Found above and blanked; a sentence that continues after "issue:" is not a ticket.
      return value.isBlank() && facts.ticket != null;
    }
    if (field == ColumnRole.DUE && value.isBlank()) {
      return true;
    }
    if (field == ColumnRole.PRIORITY && value.indexOf(',') > 0) {
      end = from + value.indexOf(',');
    }
    facts.setField(field, new InlineText(rest.substring(from, end), List.of(), List.of()));
    blank(from, end);
    return true;
  }

  private boolean owners(int from, int end) {
    List<String> names = new ArrayList<>();
    int at = from;
    for (String part : rest.substring(from, end).split("(?<=[,、])|(?<=\\sand\\s)", -1)) {
      String bare = part.replaceFirst("[\\s,、]{1,9}$", "").strip();
      if (!names.isEmpty() && !OwnerPatterns.isName(bare.replaceFirst("\\sand$", ""))) {
        break;
      }
      if (dates.find(bare).find() && names.isEmpty()) {
        break;
      }
      if (Placeholders.PLACEHOLDER.matcher(bare).find()) {
        facts.setField(ColumnRole.OWNER, new InlineText(bare, List.of(), List.of()));
      } else {
        names.addAll(lexicon.owners().findOwners(part));
      }
      at += part.length();
    }
    blank(from, at);
    facts.owners(names);
    return true;
  }

  private void rank() {
    Matcher rank = RANK.matcher(rest);
    if (rank.find()) {
      facts.priority(rank.group(1) == null ? rank.group(2) : rank.group(1));
      blank(rank.start(), rank.end());
    }
  }

  /** "(@dana, by 2026-12-01)"; in brackets only if every part is understood. */
  private void groups() {
    Matcher group = GROUP.matcher(rest.toString());
    while (group.find()) {
      boolean round = group.group(1) != null;
      int from = group.start() + 1;
      String inside = rest.substring(from, group.end() - 1);
      boolean last = rest.chars().skip(group.end()).allMatch(c -> " \n\t.])|-".indexOf(c) >= 0);
      if (last && !inCode(group.start()) && group(inside, round)) {
        blank(group.start(), group.end());
      }
    }
  }

  private boolean group(String inside, boolean round) {
    List<String> names = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> days = new ArrayList<>();
    String rank = null;
    String status = null;
    String whole = inside;
    // A date may contain a comma.
    Matcher date = dates.find(inside);
    StringBuilder parts = new StringBuilder();
    while (date.find()) {
      date.appendReplacement(parts, Matcher.quoteReplacement(date.group().replace(",", "\u0001")));
    }
    date.appendTail(parts);
    for (String raw : parts.toString().split("[,、;|·]|\\s[-–—]\\s|\\sand\\s(?=@)")) {
      String part = raw.replace('\u0001', ',').strip();
      String day = day(part);
      if (part.isEmpty()) {
        continue;
      }
      if (OwnerPatterns.isAddressed(part)) {
        names.add(OwnerPatterns.name(part));
      } else if (day != null) {
        days.add(day);
      } else if (lexicon.isPriority(part)) {
        rank = part;
      } else if (part.length() > 2 && lexicon.statuses().parseExact(part) != null) {
        status = part;
      } else {
        unknown.add(part);
      }
    }
    if (round
        && names.isEmpty()
        && !days.isEmpty()
        && unknown.size() == 1
        && OwnerPatterns.isName(unknown.get(0))
        && whole.strip().startsWith(unknown.get(0))) {
      names.add(OwnerPatterns.name(unknown.remove(0)));
    }
    if (round && unknown.size() == 1 && !days.isEmpty() && lexicon.isEmptyValue(unknown.get(0))) {
      unknown.clear();
    }
    boolean sure =
        !names.isEmpty()
            || days.stream().anyMatch(day -> dates.isDate(day) || lexicon.due(inside).find());
    if ((!round && !unknown.isEmpty()) || !sure) {
      return false;
    }
    facts.owners(names);
    days.forEach(day -> facts.due(dates.read(day)));
    if (rank != null) {
      facts.priority(rank);
    }
    if (status != null) {
      facts.status(lexicon.statuses().read(status), status);
    }
    return unknown.isEmpty();
  }

  /** A date, or its replacement, in brackets. */
  private @Nullable String day(String part) {
    String day = dates.withoutLabel(part);
    boolean labelled = day.length() < part.length();
    Matcher vague = dates.findVague(day);
    return dates.isDate(day) || vague.matches() || (labelled && vague.lookingAt()) ? day : null;
  }

  private void labelledDue() {
    Matcher dueLabel = lexicon.due(rest.toString());
    int from = 0;
    while (dueLabel.find(from)) {
      from = dueLabel.end();
      int at = dueLabel.start(1);
      Matcher date = dates.find(rest).region(at, rest.length());
      Matcher vague = dates.findVague(rest).region(at, rest.length());
      Matcher day = date.lookingAt() ? date : vague.lookingAt() ? vague : null;
      if (day != null && !inCode(at)) {
        facts.due(dates.read(day.group()));
        blank(dueLabel.start(), day.end());
      }
    }
    Matcher behind = dates.findTrailingLabel(rest.toString());
    while (behind.find()) {
      if (!inCode(behind.start())) {
        facts.due(dates.read(behind.group()));
        blank(behind.start(), behind.end());
      }
    }
  }

  /** A date at the end after a dash, and a person before it, also after a dash. */
  private void dueWithPreposition() {
    Matcher placed = dates.findWithPreposition(rest);
    if (facts.dueStated || !(placed.find() || followsPerson(placed)) || inCode(placed.start(1))) {
      return;
    }
    facts.due(dates.read(placed.group(1)));
    blank(placed.start(), placed.end());
    Matcher name = NAMED_LAST.matcher(rest);
    if (facts.owner == null && name.find() && !inCode(name.start(1))) {
      facts.owners(List.of(OwnerPatterns.name(name.group(1))));
      blank(name.start(), name.end());
    }
  }

  /** "@ana, 12 Dec 2026": a comma or a space separates a date only from a person. */
  private boolean followsPerson(Matcher date) {
    if (!date.usePattern(dates.afterName()).find(0)) {
      return false;
    }
    CharSequence before = rest.subSequence(0, date.start());
    return AT_END.matcher(before).find() || NAMED_LAST.matcher(before).find();
  }

  private void mentions(boolean nested) {
    Matcher start = AT_START.matcher(rest);
    if (!nested && start.find()) {
      facts.owners(
          lexicon.owners().findOwners(start.group(1).strip().replaceAll("\\s+(?=@)", ",")));
      blank(start.start(), start.end());
    }
    // More than real items name; bounds the cost of the expression.
    int from = Math.max(0, rest.length() - 400);
    String stripped = " ".repeat(from) + withoutTail(rest.substring(from));
    Matcher end = AT_END.matcher(stripped);
    if (end.find() && !inCode(end.start())) {
      Matcher word = LAST_WORD.matcher(stripped.substring(0, end.start()));
      boolean spoken =
          word.find() && NO_OWNER_AFTER.contains(word.group(1).toLowerCase(Locale.ROOT));
      String before = stripped.substring(0, end.start());
      String visible = before.stripTrailing();
      boolean bracket = visible.endsWith("(") || visible.endsWith("[");
      boolean glued =
          !before.isEmpty() && " \n\t([:,;–—-→>".indexOf(before.charAt(before.length() - 1)) < 0;
      if (!spoken && !bracket && !glued) {
        facts.owners(
            lexicon.owners().findOwners(end.group(1).strip().replaceAll("\\s+(?=@)", ",")));
        blank(end.start(), end.end());
      }
    }
  }

  private static String withoutTail(String text) {
    int end = text.length();
    while (end > 0 && " \n\t.,;:!?*~'\"|&/=+<>{}#$%^`\\-".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  private void title() {
    String title = rest.toString();
    if (Placeholders.PLACEHOLDER.matcher(title).find()) {
      facts.problems.add(
          "template placeholder \"%s\"; fill it in or remove it"
              .formatted(Placeholders.brief(title)));
    }
    title = EMPTY_BRACKETS.matcher(title).replaceAll(" ");
    title = EMPTY_BRACKETS.matcher(title).replaceAll(" ");
    title = InlineText.tidy(title.replace("~~", "").replace('⏳', ' '));
    title = title.replaceFirst("^[\\s:;,.|–—·•*-]++(?<=\\s)|^[:;,|]++", "");
    title = withoutEnd(title).strip();
    title = title.replaceAll("\\s+([,.;:])(?=\\s|$)", "$1").replaceAll("[,;:]+(?=[.,;])", "");
    facts.title = shortened(title);
  }

  private static String withoutEnd(String title) {
    int end = title.length();
    while (end > 0
        && (" :;,|·–—=*_-→".indexOf(title.charAt(end - 1)) >= 0
            || (title.charAt(end - 1) == '.' && !title.startsWith("..", Math.max(0, end - 2))))) {
      end--;
    }
    return title.substring(0, end);
  }

  private static String shortened(String title) {
    String line = title;
    if (line.length() > LONG) {
      Matcher end =
          Pattern.compile(
                  "(?<!\\b(?:vs|e\\.g|i\\.e|etc|cf|incl|approx|resp|Dr|Mr|Ms|St|No))(?<=[\\p{L}\\p{N})»\"'`]{2})[.!?](?=\\s+[\\p{Lu}\\[(\"])")
              .matcher(line);
      if (end.find() && end.start() >= 10) {
        line = line.substring(0, end.start());
      }
    }
    if (line.codePointCount(0, line.length()) > LONGEST) {
      int cut = line.offsetByCodePoints(0, LONGEST - 1);
      int space = line.lastIndexOf(' ', cut);
      line = line.substring(0, space > LONGEST / 2 ? space : cut).strip() + "…";
    }
    return line;
  }

  private boolean inCode(int at) {
    return text.codes().stream().anyMatch(code -> code.contains(at));
  }

  private boolean cut(Pattern pattern) {
    Matcher found = pattern.matcher(rest);
    if (!found.find()) {
      return false;
    }
    blank(found.start(), found.end());
    return true;
  }

  private void blank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (rest.charAt(i) != '\n') {
        rest.setCharAt(i, ' ');
      }
    }
  }
}
