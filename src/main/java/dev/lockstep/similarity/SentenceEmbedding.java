package dev.lockstep.similarity;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The all-MiniLM-L6-v2 model, quantised, run in-process on one thread from the jar, without network
 * access. The first text loads it, which takes about a second and 150 MB outside the heap.
 * Thread-safe.
 */
public final class SentenceEmbedding implements Embedding {
  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  private @Nullable Model model;

  @Override
  public float[] embed(String text) {
    return loaded().embed(text).content().vector();
  }

  /** Whether the model is loaded. */
  public synchronized boolean isLoaded() {
    return model != null;
  }

  private synchronized Model loaded() {
    if (model == null) {
      model = new Model(load());
    }
    return model;
  }

  private static OnnxBertBiEncoder load() {
    // The tokenizer's library sends telemetry unless disabled:
    // https://docs.djl.ai/master/docs/telemetry.html
    System.setProperty("OPT_OUT_TRACKING", "true");
    // The CPU library is in the jar; without this setting, the library for GPUs would be
    // downloaded.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    try (InputStream network = open(MODEL);
        InputStream tokenizer = open(TOKENIZER);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // The arena never frees the memory of the longest text.
      options.setCPUArenaAllocator(false);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession session = environment.createSession(network.readAllBytes(), options);
      return new OnnxBertBiEncoder(environment, session, tokenizer, PoolingMode.MEAN);
    } catch (OrtException e) {
      throw new IllegalStateException("cannot load the sentence model: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the sentence model", e);
    }
  }

  private static InputStream open(String resource) {
    InputStream found = OnnxBertBiEncoder.class.getResourceAsStream(resource);
    if (found == null) {
      throw new IllegalStateException("the sentence model is not in the jar: " + resource);
    }
    return found;
  }

  /** Runs on the caller's thread and needs no pool. */
  private static final class Model extends AbstractInProcessEmbeddingModel {
    private final OnnxBertBiEncoder encoder;

    Model(OnnxBertBiEncoder encoder) {
      super(Runnable::run);
      this.encoder = encoder;
    }

    @Override
    protected OnnxBertBiEncoder model() {
      return encoder;
    }
  }
}
