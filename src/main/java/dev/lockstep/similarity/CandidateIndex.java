package dev.lockstep.similarity;

import dev.lockstep.similarity.text.InverseDocumentFrequency;
import dev.lockstep.similarity.text.TermVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Finds candidates to score, by BM25 over the rarest words and by nearest embeddings. Added texts
 * are found after {@link #refresh}; removed ones may still be found for a while. Callers hold a
 * lock.
 */
final class CandidateIndex implements AutoCloseable {
  private static final int MAX_HITS = 40;

  /**
   * A long text is searched by its rarest words only, so that the cost does not grow with its
   * length.
   */
  private static final int MAX_QUERY_WORDS = 16;

  private static final int REFRESH_AFTER_REMOVALS = 64;

  private final IndexWriter writer;
  private DirectoryReader reader;
  private IndexSearcher searcher;
  private int removed;

  CandidateIndex(Analyzer analyzer) {
    try {
      ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
      merges.setMaxMergesAndThreads(4, 1);
      writer =
          new IndexWriter(
              new ByteBuffersDirectory(),
              new IndexWriterConfig(analyzer).setMergeScheduler(merges));
      reader = DirectoryReader.open(writer);
      searcher = searcher(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(long number, Ticket ticket, float @Nullable [] embedding) {
    Document document = new Document();
    document.add(new StringField("number", Long.toString(number), Field.Store.NO));
    document.add(new NumericDocValuesField("number", number));
    document.add(new TextField("words", ticket.title(), Field.Store.NO));
    document.add(new TextField("words", ticket.title(), Field.Store.NO));
    document.add(new TextField("words", ticket.description(), Field.Store.NO));
    if (embedding != null) {
      document.add(
          new KnnFloatVectorField(
              field(embedding), embedding, VectorSimilarityFunction.DOT_PRODUCT));
    }
    try {
      writer.addDocument(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(long number) {
    try {
      writer.deleteDocuments(new Term("number", Long.toString(number)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (++removed >= REFRESH_AFTER_REMOVALS) {
      refresh();
    }
  }

  void refresh() {
    removed = 0;
    try {
      DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer);
      if (newer != null) {
        reader.close();
        reader = newer;
        searcher = searcher(newer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of candidate texts, unordered and possibly repeated. */
  List<Long> findCandidates(TicketFeatures query, InverseDocumentFrequency idf) {
    try {
      List<Long> found = new ArrayList<>(find(toQuery(query.words(), idf)));
      float[] embedding = query.embedding();
      if (embedding != null) {
        found.addAll(find(new KnnFloatVectorQuery(field(embedding), embedding, MAX_HITS)));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A Lucene field has one vector length, and stored embeddings of another model may differ in
   * length.
   */
  private static String field(float[] embedding) {
    return "embedding-" + embedding.length;
  }

  private static Query toQuery(TermVector words, InverseDocumentFrequency idf) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    IntStream.range(0, words.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -words.counts()[i] * idf.weight(words.hashes()[i])))
        .limit(MAX_QUERY_WORDS)
        .forEach(
            i ->
                query.add(
                    new TermQuery(new Term("words", words.names().get(i))),
                    BooleanClause.Occur.SHOULD));
    return query.build();
  }

  private List<Long> find(Query query) throws IOException {
    List<LeafReaderContext> leaves = reader.leaves();
    List<Long> numbers = new ArrayList<>();
    for (ScoreDoc hit : searcher.search(query, MAX_HITS).scoreDocs) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.doc, leaves));
      NumericDocValues values = DocValues.getNumeric(leaf.reader(), "number");
      if (values.advanceExact(hit.doc - leaf.docBase)) {
        numbers.add(values.longValue());
      }
    }
    return numbers;
  }

  private static IndexSearcher searcher(DirectoryReader reader) {
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return searcher;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    writer.rollback();
  }
}
