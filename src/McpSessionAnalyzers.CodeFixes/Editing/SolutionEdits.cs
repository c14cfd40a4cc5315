using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// The edits of one fix, or of one Fix All: one editor per document, and a memory of what has been added already, so that the second opening for
/// the same server finds the field that the first has brought.
/// </summary>
internal sealed class SolutionEdits
{
    private readonly Dictionary<DocumentId, DocumentEdits> _documents = new();
    private readonly Dictionary<(Type, object), object> _memory = new();
    private readonly List<Func<CancellationToken, Task>> _atEnd = new();
    private readonly HashSet<object> _keys = new();

    public SolutionEdits(Solution solution) => Solution = solution;

    public Solution Solution { get; }

    public async Task<DocumentEdits?> OfAsync(Document document, CancellationToken cancellationToken)
    {
        if (!_documents.TryGetValue(document.Id, out var edits))
        {
            if (await DocumentEdits.CreateAsync(document, cancellationToken).ConfigureAwait(false) is not { } created)
            {
                return null;
            }

            edits = created;
            _documents.Add(document.Id, edits);
        }

        return edits;
    }

    /// <summary>The editor of the document that <paramref name="tree"/> is the text of; null for trees of no document, such as generated ones.</summary>
    public Task<DocumentEdits?> OfAsync(SyntaxTree tree, CancellationToken cancellationToken) =>
        Solution.GetDocument(tree) is { } document and not SourceGeneratedDocument
            ? OfAsync(document, cancellationToken)
            : Task.FromResult<DocumentEdits?>(null);

    /// <summary>What fixes remember of <paramref name="subject"/> from one diagnostic to the next.</summary>
    public T Memory<T>(object subject)
        where T : class, new()
    {
        if (!_memory.TryGetValue((typeof(T), subject), out var memory))
        {
            memory = new T();
            _memory.Add((typeof(T), subject), memory);
        }

        return (T)memory;
    }

    /// <summary>Work that must wait until every diagnostic has had its say: a type's one dispose method, for instance.</summary>
    public void AtEnd(object key, Func<CancellationToken, Task> write)
    {
        if (_keys.Add(key))
        {
            _atEnd.Add(write);
        }
    }

    public async Task<Solution> ApplyAsync(CancellationToken cancellationToken)
    {
        // What is written at the end may itself leave something for the end.
        for (var i = 0; i < _atEnd.Count; i++)
        {
            await _atEnd[i](cancellationToken).ConfigureAwait(false);
        }

        _atEnd.Clear();
        var solution = Solution;
        foreach (var edits in _documents.Values)
        {
            solution = solution.WithDocumentText(edits.Document.Id, edits.Apply());
        }

        return solution;
    }
}
