package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.sandbox.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many callers at once. */
class JiraConcurrencyTest {

  private final Shop shop = new Shop();
  private final ExecutorService callers = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    callers.shutdownNow();
    shop.close();
  }

  @Test
  void givesEveryIssueANumberOfItsOwn() throws Exception {
    List<String> keys =
        all(
            IntStream.range(0, 40)
                .mapToObj(i -> () -> shop.create("").json().path("key").asText()));

    assertThat(keys).doesNotHaveDuplicates().contains("OPS-1", "OPS-40");
  }

  /** Without one lock around looking and moving, two callers resolve it. */
  @Test
  void letsOneCallerOnlyMakeATransition() throws Exception {
    String key = shop.open("x");
    String body = "{'transition':{'id':'11'}}";

    List<Integer> statuses =
        all(
            IntStream.range(0, 16)
                .mapToObj(
                    i -> () -> shop.api.post("/issue/" + key + "/transitions", body).status()));

    assertThat(statuses).containsOnlyOnce(204).contains(400);
  }

  @Test
  void makesOneRemoteLinkOfOneGlobalId() throws Exception {
    String key = shop.open("x");
    String body = "{'globalId':'g','object':{'url':'https://example.com','title':'t'}}";

    List<Integer> statuses =
        all(
            IntStream.range(0, 16)
                .mapToObj(
                    i -> () -> shop.api.post("/issue/" + key + "/remotelink", body).status()));

    assertThat(statuses).containsOnlyOnce(201).contains(200);
    assertThat(shop.jira.remoteLinks(key)).hasSize(1);
  }

  /** Without a queue for each issue, threads that send overtake each other. */
  @Test
  void sendsTheWebhooksOfEachIssueInTheOrderOfItsHistory() throws Exception {
    try (Receiver receiver = new Receiver("jira", "/webhookEvent")) {
      List<String> keys = Stream.generate(() -> shop.open("x")).limit(5).toList();
      shop.jira.webhooks().register(receiver.url(), "", "");

      all(
          IntStream.range(0, 100)
              .mapToObj(i -> () -> shop.maya.comment(keys.get(i % keys.size()), "c" + i)));
      await().until(shop.jira::webhooksIdle);

      for (String key : keys) {
        List<String> received =
            receiver.got().stream()
                .filter(got -> got.json().at("/issue/key").asText().equals(key))
                .map(got -> got.json().at("/comment/id").asText())
                .toList();
        assertThat(received)
            .isEqualTo(shop.jira.comments(key).stream().map(Comment::id).toList())
            .hasSize(20);
      }
    }
  }

  private <T> List<T> all(Stream<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    for (Future<T> result : callers.invokeAll(calls.toList())) {
      results.add(result.get());
    }
    return results;
  }
}
