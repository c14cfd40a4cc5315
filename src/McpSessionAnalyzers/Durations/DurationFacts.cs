using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// What one compilation shows of durations, columns and storage. Parts that need a look at every file (schema, mappings, rows) are made on
/// first use, once; a compilation that stores nothing never asks for them. Thread-safe.
/// </summary>
internal sealed class DurationFacts
{
    private static readonly ConditionalWeakTable<Compilation, DurationFacts> Cache = new();

    private readonly ConditionalWeakTable<AnalyzerOptions, DurationOptions> _options = new();
    private readonly ConditionalWeakTable<AnalyzerOptions, SqlSchema> _schemas = new();
    private EntityModel? _entities;
    private StoredRows? _rows;

    private DurationFacts(Compilation compilation)
    {
        Compilation = compilation;
        Types = new StorageTypes(compilation);
        Bodies = new MemberBodies(compilation);
    }

    public Compilation Compilation { get; }

    public StorageTypes Types { get; }

    public MemberBodies Bodies { get; }

    public static DurationFacts Of(Compilation compilation) => Cache.GetValue(compilation, static c => new DurationFacts(c));

    /// <summary>Whether anything in this compilation may store a duration.</summary>
    public bool MayStore(CancellationToken cancellationToken) => Types.HasPackages || StorageTypes.AnyMark(Compilation, cancellationToken);

    public DurationOptions Options(AnalyzerOptions options) => _options.GetValue(options, o => DurationOptions.Of(Compilation, o));

    public SqlSchema Schema(AnalyzerOptions options, CancellationToken cancellationToken)
    {
        if (_schemas.TryGetValue(options, out var known))
        {
            return known;
        }

        var schema = SchemaTexts.Read(Compilation, options, Options(options).IsSchemaFile, cancellationToken);
        return _schemas.GetValue(options, _ => schema);
    }

    /// <summary>Entities and their mappings.</summary>
    public EntityModel Entities(CancellationToken cancellationToken) =>
        _entities ?? Interlocked.CompareExchange(ref _entities, EntityModel.Read(this, cancellationToken), null) ?? _entities;

    /// <summary>Types of source whose instances are sent to a table as they are.</summary>
    public StoredRows Rows(CancellationToken cancellationToken) =>
        _rows ?? Interlocked.CompareExchange(ref _rows, StoredRows.Read(this, cancellationToken), null) ?? _rows;

    public DurationTracer Tracer(AnalyzerOptions options, CancellationToken cancellationToken) => new(Bodies, Options(options).DurationNames, cancellationToken);

    public MemberBody? BodyOf(IOperation operation, CancellationToken cancellationToken) => Bodies.Containing(operation.Syntax, cancellationToken);
}
