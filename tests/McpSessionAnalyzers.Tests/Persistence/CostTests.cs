using System.Collections.Immutable;
using McpSessionAnalyzers.Durations;
using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Persistence;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Tests.Persistence;

/// <summary>What the rules about stored durations cost where there is nothing to store, and where the schema is large.</summary>
public sealed class CostTests
{
    private static CSharpCompilation Compile(string code, ImmutableArray<MetadataReference> references) => CSharpCompilation.Create(
        "x", [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    [Theory]
    [InlineData("class A { }", false)]
    [InlineData("class A { void M(System.Diagnostics.Stopwatch w) { System.Console.WriteLine(w.Elapsed.TotalMilliseconds); } }", false)]
    [InlineData("class A { void M(System.Data.Common.DbCommand c) { } }", true)]
    [InlineData("class A { const string Url = \"https://x/rest/v1/log\"; }", true)]
    public async Task Without_a_way_to_store_nothing_is_looked_at(string code, bool mayStore) =>
        Assert.Equal(mayStore, DurationFacts.Of(Compile(code, await References.NoMcp.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken))).MayStore(TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_schema_file_is_read_once_for_all_rules()
    {
        var schema = new CountedText("CREATE TABLE t (duration_ms integer);");
        var compilation = Compile(
            """
            class A
            {
                void M(Npgsql.NpgsqlCommand c, System.TimeSpan t)
                {
                    c.CommandText = "INSERT INTO t (duration_ms) VALUES (@a)";
                    c.Parameters.AddWithValue("a", t.TotalMilliseconds);
                    c.Parameters.AddWithValue("a", (int)t.TotalMilliseconds);
                }
            }
            """,
            await References.Storage.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken));

        var reported = await AnalyzeAsync(compilation, schema);

        Assert.Equal(["MSA3001", "MSA3002"], reported.Select(diagnostic => diagnostic.Id).Order());
        Assert.Equal(1, schema.Reads);
    }

    [Fact]
    public async Task A_schema_file_that_cannot_be_read_is_none()
    {
        var compilation = Compile(
            """
            class A { void M(Npgsql.NpgsqlCommand c, System.TimeSpan t) { c.CommandText = "INSERT INTO t (took) VALUES (@a)"; c.Parameters.AddWithValue("a", t.TotalMilliseconds); } }
            """,
            await References.Storage.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken));

        Assert.Empty(await AnalyzeAsync(compilation, new CountedText(null), new BrokenText()));
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation, params AdditionalText[] files) => new CompilationWithAnalyzers(
        compilation,
        [new FloatDurationInIntegerColumnAnalyzer(), new DurationNarrowedAnalyzer()],
        new CompilationWithAnalyzersOptions(new AnalyzerOptions([.. files]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
        .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    private sealed class CountedText(string? text) : AdditionalText
    {
        private int _reads;

        public int Reads => _reads;

        public override string Path => "/db/schema.sql";

        public override SourceText? GetText(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _reads);
            return text is null ? null : SourceText.From(text);
        }
    }

    private sealed class BrokenText : AdditionalText
    {
        public override string Path => "/db/broken.sql";

        public override SourceText GetText(CancellationToken cancellationToken = default) => throw new InvalidDataException("no text");
    }
}
