package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DuplicatesBenchTest {
  private static final Path SAMPLES = Path.of("src/test/resources/duplicates").toAbsolutePath();

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void countsOnASmallFile() throws IOException {
    Path json = folder.resolve("figures.json");
    int code =
        run(
            "--issues",
            "issues.csv",
            "--pairs",
            "pairs.csv",
            "--no-embedding",
            "--json",
            json + "");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("6 reports, 2 of them with an earlier duplicate")
        .contains("1 pairs name an id that is not among the issues")
        .contains("1 pairs name one issue twice");
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.fieldNames())
        .toIterable()
        .containsExactly("engine", "exactTitle", "jaccard", "bm25");
    assertThat(figures.at("/engine").fieldNames())
        .toIterable()
        .containsExactly(
            "recallAt1",
            "recallAt5",
            "recallAt10",
            "bestF1",
            "precisionAtBestF1",
            "predictedAtAuto",
            "precisionAtAuto",
            "recallAtAuto",
            "millisPerTicket");
    assertThat(figures.at("/engine/recallAt5").asDouble()).isEqualTo(1);
    assertThat(figures.at("/exactTitle/recallAt1").asDouble()).isEqualTo(0.5);
    assertThat(figures.at("/exactTitle/precisionAtAuto").asDouble()).isEqualTo(1);
    assertThat(figures.at("/engine/millisPerTicket/p99").asDouble()).isPositive();
  }

  @Test
  void saysWhichColumnIsMissing() throws IOException {
    Path issues =
        Files.writeString(folder.resolve("i.csv"), "Summary,Issue id,Description\na,1,b\n");
    assertThat(run("--issues", issues + "", "--pairs", "pairs.csv")).isEqualTo(2);
    assertThat(err.toString()).contains("i.csv:1: there is no column \"Created\"").hasLineCount(1);
  }

  @Test
  void saysWhereADateIsNone() throws IOException {
    Path issues =
        Files.writeString(
            folder.resolve("i.csv"),
            "Summary,Issue id,Created,Description\na,1,30/Sep/21 17:20,\"x\ny\"\nb,2,soon,z\n");
    assertThat(run("--issues", issues + "", "--pairs", "pairs.csv")).isEqualTo(2);
    assertThat(err.toString())
        .contains("i.csv:4: column \"Created\" is no date: \"soon\"")
        .hasLineCount(1);
  }

  @Test
  void saysThatAQuoteNeverEnds() throws IOException {
    Path issues =
        Files.writeString(
            folder.resolve("i.csv"), "Summary,Issue id,Created,Description\n\"a,1,2021-01-01,b\n");
    assertThat(run("--issues", issues + "", "--pairs", "pairs.csv")).isEqualTo(2);
    assertThat(err.toString()).contains("i.csv:2: is no CSV").hasLineCount(1);
  }

  @Test
  void wrongUseIsOneLine() {
    assertThat(run("--issues", "nowhere.csv", "--pairs", "pairs.csv")).isEqualTo(2);
    assertThat(run("--open", "3")).isEqualTo(2);
    assertThat(run("--what")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(4).contains("nowhere.csv; check the path");
  }

  @Test
  void readsDatesAsTrackersWriteThem() {
    assertThat(
            Stream.of(
                    "30/Sep/21 17:20",
                    "30/Sep/21 5:20 PM",
                    "2021-09-30T17:20:00Z",
                    "2021-09-30T19:20:00.000+0200",
                    "2021-09-30 17:20",
                    "2021-09-30T17:20:00+00:00")
                .map(text -> IssueDates.parse(text).orElseThrow().toString()))
        .containsOnly("2021-09-30T17:20:00Z");
    assertThat(IssueDates.parse("2021-09-30")).isPresent();
    assertThat(IssueDates.parse("31/Foo/21")).isEmpty();
  }

  /**
   * As {@link #beatsTheSimpleMethodsOnRealIssues()}, by words alone and on a part of the issues.
   */
  @Test
  void findsMoreThanTheSimpleMethodsByWordsAlone() throws IOException {
    Path part = part(realIssues(), Files.readString(realPairs()));
    JsonNode figures = measure(part, "--no-embedding");
    double engine = figures.at("/engine/recallAt5").asDouble();
    assertThat(engine).isGreaterThan(0.85);
    for (String baseline : List.of("exactTitle", "jaccard", "bm25")) {
      assertThat(engine).isGreaterThan(figures.at("/" + baseline + "/recallAt5").asDouble());
    }
  }

  /** The labelled issues and each thirtieth of the others. */
  private Path part(Path issues, String pairs) throws IOException {
    Set<String> labelled = Arrays.stream(pairs.split("\\D+")).collect(Collectors.toSet());
    Path part = folder.resolve("part.csv");
    try (CSVParser records =
            CSVFormat.DEFAULT.builder().setHeader().get().parse(Files.newBufferedReader(issues));
        CSVPrinter printer = new CSVPrinter(Files.newBufferedWriter(part), CSVFormat.DEFAULT)) {
      printer.printRecord(records.getHeaderNames());
      for (CSVRecord issue : records) {
        if (labelled.contains(issue.get("Issue id")) || issue.getRecordNumber() % 30 == 0) {
          printer.printRecord(issue.toList());
        }
      }
    }
    return part;
  }

  private static Path realIssues() {
    Path issues = datasets().resolve("duplicates-hadoop-issues.csv");
    assumeTrue(Files.exists(issues), "no labelled issues here");
    return issues;
  }

  private static Path realPairs() {
    return datasets().resolve("duplicates-hadoop-pairs.csv");
  }

  private static Path datasets() {
    return Path.of(System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"), "datasets")
        .toAbsolutePath();
  }

  private JsonNode measure(Path issues, String... options) throws IOException {
    Path json = folder.resolve("figures.json");
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of("--issues", issues + "", "--pairs", realPairs() + "", "--json", json + ""));
    assertThat(run(arguments.toArray(String[]::new))).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  /** Needs the public data set, which is not in this repository. Takes minutes. */
  @Test
  @Tag("quality")
  void beatsTheSimpleMethodsOnRealIssues() throws IOException {
    JsonNode figures = measure(realIssues());
    double engine = figures.at("/engine/recallAt5").asDouble();
    // Half BM25 or words, half cosine: what anybody would try first.
    assertThat(engine).isGreaterThan(0.83);
    assertThat(figures.at("/engine/predictedAtAuto").asInt()).isGreaterThanOrEqualTo(10);
    double precision = figures.at("/engine/precisionAtAuto").asDouble();
    for (String baseline : List.of("exactTitle", "jaccard", "bm25")) {
      assertThat(engine).isGreaterThan(figures.at("/" + baseline + "/recallAt5").asDouble());
      assertThat(precision)
          .isGreaterThan(figures.at("/" + baseline + "/precisionAtAuto").asDouble())
          .isGreaterThan(figures.at("/" + baseline + "/precisionAtBestF1").asDouble());
    }
  }

  private int run(String... arguments) {
    return DuplicatesBench.measure(
        List.of(arguments), new PrintWriter(out, true), new PrintWriter(err, true), SAMPLES, false);
  }
}
