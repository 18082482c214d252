package dev.lockstep.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.SentenceEmbedding;
import dev.lockstep.similarity.Ticket;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How long a ticket takes when few and when many are open, with embeddings and without. */
final class OpenTickets {
  private static final int MEASURED = 500;
  private static final int FEWER = 10;

  private final int open;
  private final boolean embedding;
  private final Progress progress;

  OpenTickets(int open, boolean embedding, Progress progress) {
    this.open = open;
    this.embedding = embedding;
    this.progress = progress;
  }

  /**
   * Reading, asking and putting together; the processor's time of it, which a busy machine does not
   * lengthen much; asking alone.
   */
  private record Times(List<Double> whole, List<Double> processor, List<Double> asking) {}

  void measure(PrintWriter out, Optional<Path> json) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    out.printf(
        "%-18s %9s %12s %8s %12s %8s %12s %8s%n",
        "", "open", "ticket p50", "p99", "CPU p50", "p99", "asking p50", "p99");
    if (embedding) {
      measure("with embedding", new SentenceEmbedding(), out, all);
    }
    measure("without", Embedding.none(), out, all);
    out.println(ProcessMemory.words());
    if (json.isPresent()) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.get().toFile(), all);
    }
  }

  private void measure(String name, Embedding by, PrintWriter out, Map<String, Object> all) {
    TicketPreparer reader = new TicketPreparer(by);
    MadeUp tickets = new MadeUp();
    try (TicketIndex index = new LuceneTicketIndex()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      fill(name, index, reader, tickets, open / FEWER);
      Times few = time(index, reader, tickets);
      print(out, name, open / FEWER, few, figures);
      fill(name, index, reader, tickets, open);
      Times many = time(index, reader, tickets);
      print(out, name, open, many, figures);
      double ratio = Tally.percentile(many.whole(), 0.5) / Tally.percentile(few.whole(), 0.5);
      out.printf(
          Locale.ROOT,
          "%-18s %d times as many open: a ticket takes %.2f times as long%n",
          name,
          FEWER,
          ratio);
      figures.put("ratio", ratio);
      all.put(by instanceof SentenceEmbedding ? "withEmbedding" : "withoutEmbedding", figures);
    }
  }

  private void fill(
      String name, TicketIndex index, TicketPreparer reader, MadeUp tickets, int size) {
    while (index.size() < size) {
      index.put(reader.prepare(tickets.next()));
      progress.at(name, index.size(), size);
    }
  }

  /** Each ticket is taken out again, so that the size stays. */
  private static Times time(TicketIndex index, TicketPreparer reader, MadeUp tickets) {
    Times times = new Times(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    for (int i = 0; i < MEASURED; i++) {
      Ticket ticket = tickets.next();
      long used = thread.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      PreparedTicket reading = reader.prepare(ticket);
      long read = System.nanoTime();
      index.findSimilar(reading, Method.MOST);
      long asked = System.nanoTime();
      index.put(reading);
      times.whole().add((System.nanoTime() - begin) / 1e6);
      times.processor().add((thread.getCurrentThreadCpuTime() - used) / 1e6);
      times.asking().add((asked - read) / 1e6);
      index.remove(ticket.id());
    }
    return times;
  }

  private static void print(
      PrintWriter out, String name, int size, Times times, Map<String, Object> figures) {
    double p50 = Tally.percentile(times.whole(), 0.5);
    double p99 = Tally.percentile(times.whole(), 0.99);
    out.printf(
        Locale.ROOT,
        "%-18s %9d %9.2f ms %5.2f ms %9.2f ms %5.2f ms %9.2f ms %5.2f ms%n",
        name,
        size,
        p50,
        p99,
        Tally.percentile(times.processor(), 0.5),
        Tally.percentile(times.processor(), 0.99),
        Tally.percentile(times.asking(), 0.5),
        Tally.percentile(times.asking(), 0.99));
    figures.put(
        Integer.toString(size),
        Map.of(
            "p50",
            p50,
            "p99",
            p99,
            "cpuP50",
            Tally.percentile(times.processor(), 0.5),
            "cpuP99",
            Tally.percentile(times.processor(), 0.99)));
  }
}
