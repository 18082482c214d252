package dev.lockstep.postmortem.reading;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What a column, or a label before a colon, is about. */
enum Field {
  ACTION("action"),
  OWNER("owner"),
  DUE("due date"),
  TICKET("ticket"),
  PRIORITY("priority"),
  STATUS("status"),
  ID("id"),
  LABEL("label"),
  TIME("time"),
  QUESTION("question"),
  OTHER("text");

  /** In this order: "Action owner" is an owner, "Due date" no time. */
  private static final Map<Field, Pattern> COLUMNS = new java.util.LinkedHashMap<>();

  static {
    column(QUESTION, "question.*|.*\\bquestions?\\b.*|q|a|answer.*");
    column(
        OWNER,
        "(.*\\b)?(owners?|owned by|who|dri|assignees?|assigned( to)?|responsible.*|accountable|lead"
            + "|driver|poc|point of contact)");
    column(
        DUE,
        "(.*\\b)?(due|due (date|by|on)|deadline|eta|target|target (date|day)|by when|complete by"
            + "|completion date|finish by|expected( by| date)?)");
    column(
        TICKET,
        "(.*\\b)?(tickets?|bugs?|issues?|jira|tracking|tracker|tracked in|github|gitlab|prs?|pull requests?"
            + "|ticket id|jira id|links?)( #| no| number| link| url| key| item)?");
    column(PRIORITY, "(.*\\b)?(priority|prio|urgency|severity|importance)");
    column(STATUS, "(.*\\b)?(status|state|done|done\\?|complete|completed|progress|resolved)");
    column(ID, "id|#|no|nr|number|ref|(action|item|action item|ai|task) (id|no|nr|number|#)");
    column(
        LABEL,
        "types?( .*)?|labels?|tags?|categor(y|ies)|component|area|kind|theme|team|workstream|action type");
    column(TIME, "time|times|(date|time|when)[ /].*|.*\\btime\\b.*|timestamp|utc|date time");
    column(
        ACTION,
        "(.*\\b)?(actions?|action items?|tasks?|follow ups?|what|to dos?|next steps?|items?|remediations?"
            + "|improvements?|recommendations?|measures?|activity|deliverables?|work)( .*)?");
  }

  /** Behind a label "issue" or "who" a sentence may go on; behind these hardly. */
  private static final Map<String, Field> LABELS =
      Map.ofEntries(
          Map.entry("owner", OWNER),
          Map.entry("owners", OWNER),
          Map.entry("action owner", OWNER),
          Map.entry("assignee", OWNER),
          Map.entry("assignees", OWNER),
          Map.entry("assigned to", OWNER),
          Map.entry("assigned", OWNER),
          Map.entry("dri", OWNER),
          Map.entry("responsible", OWNER),
          Map.entry("who", OWNER),
          Map.entry("due", DUE),
          Map.entry("due date", DUE),
          Map.entry("due by", DUE),
          Map.entry("deadline", DUE),
          Map.entry("eta", DUE),
          Map.entry("target", DUE),
          Map.entry("target date", DUE),
          Map.entry("by when", DUE),
          Map.entry("when", DUE),
          Map.entry("ticket", TICKET),
          Map.entry("tickets", TICKET),
          Map.entry("jira", TICKET),
          Map.entry("issue", TICKET),
          Map.entry("bug", TICKET),
          Map.entry("pr", TICKET),
          Map.entry("tracking", TICKET),
          Map.entry("tracked in", TICKET),
          Map.entry("priority", PRIORITY),
          Map.entry("prio", PRIORITY),
          Map.entry("status", STATUS),
          Map.entry("type", LABEL),
          Map.entry("label", LABEL),
          Map.entry("labels", LABEL),
          Map.entry("tags", LABEL),
          Map.entry("category", LABEL),
          Map.entry("id", ID));

  private final String word;

  Field(String word) {
    this.word = word;
  }

  private static void column(Field field, String words) {
    COLUMNS.put(field, Pattern.compile(words));
  }

  String word() {
    return word;
  }

  static Field column(String heading) {
    String words = heading.toLowerCase(Locale.ROOT).replaceAll("\\([^()]*\\)", " ");
    words = words.replaceAll("[^\\p{L}\\p{N}#/?]+", " ").strip();
    for (Map.Entry<Field, Pattern> each : COLUMNS.entrySet()) {
      if (each.getValue().matcher(words).matches()) {
        return each.getKey();
      }
    }
    return OTHER;
  }

  /** Of the words before a colon. */
  static Field label(String words) {
    return LABELS.getOrDefault(
        words.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " "), OTHER);
  }
}
