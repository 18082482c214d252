package dev.lockstep.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.postmortem.PostmortemQueries.Entry;
import dev.lockstep.postmortem.PostmortemQueries.Refusal;
import dev.lockstep.postmortem.parse.ShippedWords;
import dev.lockstep.postmortem.settings.PostmortemWordsFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that teams write into, and what people are told of it. */
class PostmortemFolderTest {
  private static final String GOOD =
      "# Portal was down, INC0000001\n\n"
          + "## Action items\n\n"
          + "- [ ] Add an index\n"
          + "- [x] Restart it\n"
          + "- Why?\n";

  @TempDir private Path directory;
  private final Tables tables = new Tables();
  private final RejectedFiles refusals = new RejectedFiles();
  private final PostmortemQueries shelf =
      new JdbcPostmortemQueries(tables.postmortems, tables.store, refusals);
  private PostmortemFolder folder;
  private String broken = "";

  private void look() {
    if (folder == null) {
      PostmortemImport filing =
          new PostmortemImport(
              tables.postmortems,
              tables.store,
              tables.items,
              this::named,
              tables.auditStore,
              tables.transaction,
              tables.clock);
      folder =
          new PostmortemFolder(
              importing(directory.toString()),
              new PostmortemParser(ShippedWords.reader()),
              filing,
              refusals,
              tables.clock);
    }
    folder.findFiles().forEach(folder::importFile);
  }

  private static PostmortemProperties importing(String folder) {
    return new PostmortemProperties(
        Path.of("none"),
        PostmortemWordsFile.SHIPPED,
        folder,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  /** Only this incident is so far away that nobody can say whether there is one. */
  private Optional<dev.lockstep.postmortem.followup.Incident> named(String name) {
    if (name.equals(broken)) {
      throw new IllegalStateException("the database is away");
    }
    if (name.equals("INC0000002")) {
      throw new SystemUnavailableException("itsm does not answer");
    }
    if (name.equals("INC0000001")) {
      throw new SystemUnavailableException("itsm does not answer");
    }
    return Optional.empty();
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(directory.resolve(name).getParent());
    Files.writeString(directory.resolve(name), text);
  }

  @AfterEach
  void close() {
    tables.close();
  }

  @Test
  void listsWhatWasTakenInWithWhatCouldNotBeRead() throws IOException {
    write("2026/portal.md", GOOD);
    look();

    assertThat(shelf.overview(10).refused()).isEmpty();
    assertThat(shelf.overview(10).postmortems())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.name()).isEqualTo(Path.of("2026", "portal.md").toString());
              assertThat(entry.incident()).isEqualTo("INC0000001");
              assertThat(entry.waiting()).isTrue();
              assertThat(entry.items()).isEqualTo(2);
              assertThat(entry.open()).isEqualTo(1);
              assertThat(entry.unread())
                  .singleElement()
                  .asString()
                  .startsWith("line 7: \"Why?\" is a question");
            });
  }

  @Test
  void aFileThatCannotBeFiledHoldsUpNoOther() throws IOException {
    write("a.md", GOOD);
    write("b.md", GOOD.replace("INC0000001", "INC0000002").replace("Portal", "Printer"));
    broken = "INC0000001";
    look();

    assertThat(shelf.overview(10).postmortems()).extracting(Entry::name).containsExactly("b.md");
    assertThat(shelf.overview(10).refused())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.file()).isEqualTo("a.md"))
        .satisfies(refusal -> assertThat(refusal.problem()).contains("the database is away"));

    broken = "";
    look();
    assertThat(shelf.overview(10).postmortems()).hasSize(2);
    assertThat(shelf.overview(10).refused()).isEmpty();
  }

  @Test
  void aFolderThatCannotBeReadHoldsUpNoOther() throws IOException {
    write("locked/a.md", GOOD);
    write("open/b.md", GOOD);
    Path locked = directory.resolve("locked");
    assumeThat(locked.toFile().setReadable(false) && !Files.isReadable(locked)).isTrue();
    try {
      look();
    } finally {
      assertThat(locked.toFile().setReadable(true)).isTrue();
    }
    assertThat(shelf.overview(10).postmortems()).hasSize(1);
    assertThat(shelf.overview(10).refused()).extracting(Refusal::file).containsExactly("locked");
  }

  @Test
  void saysAtTheStartThatTheFolderCannotBeRead() throws IOException {
    Files.writeString(directory.resolve("file"), "");
    PostmortemConfiguration configuration = new PostmortemConfiguration();
    assertThat(configuration.postmortemFolderCheck(importing("")).problems()).isEmpty();
    assertThat(configuration.postmortemFolderCheck(importing(directory.toString())).problems())
        .isEmpty();
    for (String none : new String[] {"file", "none"}) {
      assertThat(
              configuration
                  .postmortemFolderCheck(importing(directory.resolve(none).toString()))
                  .problems())
          .singleElement()
          .asString()
          .contains("LOCKSTEP_POSTMORTEMS_DIR")
          .contains("is not a readable folder");
    }
  }

  @Test
  void listsWhatWasRefusedUntilItIsMendedOrGone() throws IOException {
    write("unknown.md", "\n# INC0000009\n\n## Action items\n\n- [ ] Add an index\n");
    write("nameless.md", "# Portal\n\n## Action items\n\n- [ ] Add an index\n");
    Files.write(directory.resolve("latin.md"), "Größe".getBytes(StandardCharsets.ISO_8859_1));
    look();
    look();

    assertThat(shelf.overview(10).refused())
        .extracting(Refusal::file)
        .containsExactly("latin.md", "nameless.md", "unknown.md");
    assertThat(shelf.overview(10).refused().get(2))
        .satisfies(
            refusal -> {
              assertThat(refusal.line()).isEqualTo(2);
              assertThat(refusal.problem()).contains("incident \"INC0000009\" was not found");
            });

    write("unknown.md", GOOD);
    Files.delete(directory.resolve("latin.md"));
    look();

    assertThat(shelf.overview(10).refused())
        .extracting(Refusal::file)
        .containsExactly("nameless.md");
    assertThat(shelf.overview(10).postmortems())
        .extracting(Entry::name)
        .containsExactly("unknown.md");
  }

  /** The launcher gives 192 MB to everything. */
  @Test
  void aListOfManyLargePostmortemsLoadsTheBeginningOfTheirTexts() {
    tables
        .jdbc
        .sql(
            """
            insert into postmortem (name, title, url, names, body, unread, problem, received_at,
              changed_at)
            select 'pm' || n, repeat('t', 100000), 'http://' || repeat('u', 100000),
              repeat('i', 100000), repeat('b', 2000000), repeat('line 1: what is this?' || chr(10),
              50000), repeat('p', 100000), now(), now()
            from generate_series(1, 40) n
            """)
        .update();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    PostmortemQueries.Overview overview = shelf.overview(1000);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 * 1024 * 1024);
    assertThat(overview.postmortems()).hasSize(40);
    PostmortemQueries.Entry entry = overview.postmortems().get(0);
    assertThat(entry.unread().get(0)).isEqualTo("line 1: what is this?");
    assertThat(entry.unread().get(entry.unread().size() - 1)).endsWith("...");
  }
}
