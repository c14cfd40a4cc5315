using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// EF Core's entities and what is known of their columns: fluent mappings before attributes before migrations before the SQL schema. The
/// last word within one method counts; methods that disagree (two contexts) leave the column unknown.
/// </summary>
internal sealed class EntityModel
{
    private readonly HashSet<ISymbol> _entities = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<string>> _sets = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<string>> _tables = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<FluentMapping>> _mappings = new(SymbolEqualityComparer.Default);

    private EntityModel()
    {
    }

    /// <summary>What the migrations' <c>Up()</c> methods make, applied in their order.</summary>
    public SqlSchema Migrated { get; private set; } = new(Enumerable.Empty<ImmutableArray<SqlDefinition>>());

    public static EntityModel Read(DurationFacts facts, CancellationToken cancellationToken)
    {
        var model = new EntityModel();
        if (facts.Types.DbContext.IsEmpty)
        {
            return model;
        }

        var migrations = new List<(string Id, ImmutableArray<SqlDefinition> Definitions)>();
        foreach (var tree in facts.Compilation.SyntaxTrees.OrderBy(tree => tree.FilePath, StringComparer.Ordinal))
        {
            var nodes = EntityNodes.Of(tree, cancellationToken);
            if (nodes.IsEmpty)
            {
                continue;
            }

            var semantics = facts.Bodies.ModelOf(tree);
            foreach (var set in nodes.Sets)
            {
                model.AddSet(set, semantics, cancellationToken);
            }

            foreach (var call in nodes.Fluent)
            {
                if (semantics.GetOperation(call, cancellationToken) is IInvocationOperation invocation)
                {
                    model.AddFluent(invocation, facts, cancellationToken);
                }
            }

            foreach (var migration in nodes.Migrations)
            {
                if (MigrationReader.Read(migration, semantics, cancellationToken) is { IsEmpty: false } definitions
                    && semantics.GetDeclaredSymbol(migration, cancellationToken) is INamedTypeSymbol type)
                {
                    migrations.Add((MigrationReader.IdOf(type) ?? tree.FilePath + migration.SpanStart, definitions));
                }
            }
        }

        model.Migrated = new SqlSchema(migrations.OrderBy(migration => migration.Id, StringComparer.Ordinal).Select(migration => migration.Definitions));
        return model;
    }

    /// <summary>Whether EF Core maps the member's type: an entity, a base of one, or a type with a mapping of its own.</summary>
    public bool IsEntity(INamedTypeSymbol type) => _entities.Any(entity => entity is INamedTypeSymbol named && Derives(named, type));

    /// <summary>The column behind a mapped member; null where it holds no integers, is not mapped, or nothing is known.</summary>
    public ColumnEvidence? ColumnOf(ISymbol member, SinkContext context)
    {
        if (member.ContainingType is not { } type || IsUnmapped(member))
        {
            return null;
        }

        var mapping = MappingOf(member);
        if (mapping is { IsIgnored: true } or { Kind: SqlColumnKind.Other })
        {
            return null;
        }

        if (mapping is { } fluent && fluent.Kind.IsInteger())
        {
            return new(EvidenceStrength.Mapping, fluent.Kind, $"'{type.Name}.{member.Name}' is mapped to {fluent.Text}") { KeepsType = true };
        }

        if (TypeName(member) is { } declared)
        {
            var kind = SqlColumnKinds.OfSqlType(declared);
            return kind.IsInteger() ? new(EvidenceStrength.Mapping, kind, $"'{type.Name}.{member.Name}' is mapped to a column of the type {declared}") { KeepsType = true } : null;
        }

        return IsEntity(type) ? OfSchemas(member, type, mapping?.ColumnName, context) : null;
    }

    private ColumnEvidence? OfSchemas(ISymbol member, INamedTypeSymbol type, string? columnName, SinkContext context)
    {
        var columns = columnName is null ? EntityNames.Columns(member).ToList() : new List<string> { columnName };
        var tables = TablesOf(type).ToList();
        foreach (var (schema, strength) in new[] { (Migrated, EvidenceStrength.Mapping), (context.Schema, EvidenceStrength.Schema) })
        {
            foreach (var table in tables)
            {
                foreach (var column in columns)
                {
                    var known = schema.Find(SqlName.Parse(table), column);
                    if (known.Kind != SqlColumnKind.Unknown)
                    {
                        return known.Kind.IsInteger()
                            ? new(strength, known.Kind, $"column '{known.Name}' of table '{table}' is {(strength == EvidenceStrength.Mapping ? "created" : "declared")} as {known.Type}") { KeepsType = true }
                            : null;
                    }
                }
            }
        }

        var configured = columns.Concat(tables.SelectMany(table => columns.Select(column => $"{table}.{column}"))).FirstOrDefault(context.Options.IntegerColumns.Contains);
        return configured is null ? null : new(EvidenceStrength.Schema, SqlColumnKind.BigInteger, $"column '{configured}' is configured as an integer") { KeepsType = true };
    }

    private IEnumerable<string> TablesOf(INamedTypeSymbol type)
    {
        foreach (var entity in _entities.Cast<INamedTypeSymbol>().Where(entity => Derives(entity, type)).OrderBy(entity => entity.ToDisplayString(), StringComparer.Ordinal))
        {
            var tables = _tables.TryGetValue(entity, out var mapped) ? mapped : EntityNames.Tables(entity, _sets.TryGetValue(entity, out var sets) ? sets : null);
            foreach (var table in tables)
            {
                yield return table;
            }
        }
    }

    private static bool Derives(INamedTypeSymbol entity, INamedTypeSymbol type)
    {
        for (var current = entity; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, type.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnmapped(ISymbol member) =>
        member.IsStatic
        || member is IPropertySymbol { SetMethod: null } property && !property.ContainingType.IsRecord
        || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "NotMappedAttribute")
        || member.ContainingType.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "NotMappedAttribute");

    private static string? TypeName(ISymbol member) => member.GetAttributes()
        .Where(attribute => attribute.AttributeClass?.Name == "ColumnAttribute")
        .Select(attribute => attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "TypeName").Value.Value as string)
        .FirstOrDefault(name => name is not null);

    /// <summary>The last word of each method, if all methods say the same.</summary>
    private FluentMapping? MappingOf(ISymbol member)
    {
        if (!_mappings.TryGetValue(member.OriginalDefinition, out var all))
        {
            return null;
        }

        var last = all.GroupBy(mapping => mapping.Scope).Select(scope => FluentMapping.Merge(scope)).ToList();
        return last.Select(mapping => mapping.Kind.IsInteger()).Distinct().Count() > 1 ? last[0] with { Kind = SqlColumnKind.Other } : last[0];
    }

    private void AddSet(GenericNameSyntax set, SemanticModel semantics, CancellationToken cancellationToken)
    {
        if (semantics.GetTypeInfo(set.TypeArgumentList.Arguments[0], cancellationToken).Type is not INamedTypeSymbol entity)
        {
            return;
        }

        _entities.Add(entity.OriginalDefinition);
        if (set.Parent is PropertyDeclarationSyntax property)
        {
            Append(_sets, entity.OriginalDefinition, property.Identifier.ValueText);
        }
    }

    private void AddFluent(IInvocationOperation call, DurationFacts facts, CancellationToken cancellationToken)
    {
        var reader = new FluentReader(facts, cancellationToken);
        if (reader.EntityOf(call) is { } entity)
        {
            _entities.Add(entity.OriginalDefinition);
            if (call.TargetMethod.Name == "ToTable" && FluentReader.Text(call, 0) is { } table)
            {
                Append(_tables, entity.OriginalDefinition, FluentReader.Text(call, 1) is { } schema ? $"{schema}.{table}" : table);
            }
        }

        if (reader.MappingOf(call) is var (member, mapping))
        {
            Append(_mappings, member.OriginalDefinition, mapping);
        }
    }

    private static void Append<T>(Dictionary<ISymbol, List<T>> map, ISymbol key, T value)
    {
        if (!map.TryGetValue(key, out var values))
        {
            map.Add(key, values = new());
        }

        values.Add(value);
    }
}
