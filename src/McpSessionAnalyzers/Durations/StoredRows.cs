using System.Runtime.CompilerServices;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>
/// Types of source whose instances are written as they are, by Dapper or to a REST table: their members are columns wherever they get their
/// values. Found by one look at the few calls that matter; the syntax of a file is looked at once.
/// </summary>
internal sealed class StoredRows
{
    private static readonly ConditionalWeakTable<SyntaxTree, IReadOnlyList<SyntaxNode>> Calls = new();

    private readonly Dictionary<ISymbol, List<Func<string, SinkContext, ColumnEvidence?>>> _rows = new(SymbolEqualityComparer.Default);

    private StoredRows()
    {
    }

    public bool IsRow(ITypeSymbol type) => _rows.ContainsKey(type.OriginalDefinition);

    public static StoredRows Read(DurationFacts facts, CancellationToken cancellationToken)
    {
        var rows = new StoredRows();
        foreach (var tree in facts.Compilation.SyntaxTrees)
        {
            foreach (var node in Calls.GetValue(tree, t => Scan(t, cancellationToken)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (facts.Bodies.ModelOf(tree).GetOperation(node, cancellationToken) is { } operation)
                {
                    rows.Add(operation, facts, cancellationToken);
                }
            }
        }

        return rows;
    }

    /// <summary>The column that a member of a row fills; null where the type is no row or the column holds no integers.</summary>
    public ColumnEvidence? ColumnOf(ISymbol member, SinkContext context)
    {
        if (member.ContainingType is not { } type || member.GetAttributes().Any(IsIgnored))
        {
            return null;
        }

        for (var row = type; row is not null; row = row.BaseType)
        {
            foreach (var uses in Uses(row))
            {
                foreach (var name in Names(member))
                {
                    if (uses(name, context) is { } evidence)
                    {
                        return evidence with { KeepsType = true };
                    }
                }
            }
        }

        return null;
    }

    private IEnumerable<Func<string, SinkContext, ColumnEvidence?>> Uses(INamedTypeSymbol type) =>
        _rows.TryGetValue(type.OriginalDefinition, out var uses) ? uses : Enumerable.Empty<Func<string, SinkContext, ColumnEvidence?>>();

    private void Add(IOperation operation, DurationFacts facts, CancellationToken cancellationToken)
    {
        if (DapperSinks.RowOf(operation, facts) is var (sql, row) && RowType(row) is { } dapperRow)
        {
            var writes = new Lazy<SqlWrites?>(() => DapperSinks.Writes(sql, facts, cancellationToken));

            // Without a text in sight the member's name may be no parameter at all.
            Uses(dapperRow, (name, context) => writes.Value is { } known && known.TargetsOf(name, -1).Count > 0
                ? context.Columns.OfParameter(new() { Name = name }, known)
                : null);
        }
        else if (RestRequests.RowOf(operation, facts, cancellationToken) is { } request && RowType(request.Row) is { } restRow)
        {
            Uses(restRow, (name, context) => RestSinks.Column(request, name, context));
        }
        else if (operation is IInvocationOperation { TargetMethod: { Name: "Insert" or "InsertAsync" or "Update" or "UpdateAsync", ContainingType.Name: "SqlMapperExtensions" } method, TargetMethod.TypeArguments: { Length: > 0 } types }
            && facts.Types.Dapper.Contains(method.ContainingType)
            && types[0] is INamedTypeSymbol inserted)
        {
            var table = EntityNames.Tables(inserted, null).FirstOrDefault();
            Uses(inserted, (name, context) => context.Columns.OfColumn(SqlName.Parse(table ?? string.Empty), name));
        }
    }

    private void Uses(INamedTypeSymbol type, Func<string, SinkContext, ColumnEvidence?> column)
    {
        if (!_rows.TryGetValue(type.OriginalDefinition, out var uses))
        {
            _rows.Add(type.OriginalDefinition, uses = new());
        }

        uses.Add(column);
    }

    /// <summary>The named type of a row, or of the elements of a list of rows.</summary>
    private static INamedTypeSymbol? RowType(IOperation row)
    {
        var type = LocalValues.Unwrap(row).Type;
        if (type is IArrayTypeSymbol array)
        {
            type = array.ElementType;
        }
        else if (type is { SpecialType: not SpecialType.System_String })
        {
            var list = type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
                ? (INamedTypeSymbol)type
                : type.AllInterfaces.FirstOrDefault(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);
            type = list?.TypeArguments[0] ?? type;
        }

        return type is INamedTypeSymbol { IsAnonymousType: false, TypeKind: TypeKind.Class or TypeKind.Struct } named && named.DeclaringSyntaxReferences.Length > 0 ? named : null;
    }

    private static bool IsIgnored(AttributeData attribute) => attribute.AttributeClass?.Name is "NotMappedAttribute" or "JsonIgnoreAttribute" or "ComputedAttribute" or "WriteAttribute";

    /// <summary>The names under which a member may be written: what an attribute says, else its own and its snake-case form.</summary>
    private static IEnumerable<string> Names(ISymbol member)
    {
        foreach (var attribute in member.GetAttributes())
        {
            if (attribute.AttributeClass?.Name is "JsonPropertyNameAttribute" or "JsonPropertyAttribute" or "ColumnAttribute"
                && attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Value is string name)
            {
                return new[] { name };
            }
        }

        return new[] { member.Name, EntityNames.Snake(member.Name) }.Distinct();
    }

    private static IReadOnlyList<SyntaxNode> Scan(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var nodes = new List<SyntaxNode>();
        foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes())
        {
            switch (node)
            {
                case InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0, Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } when IsCandidate(name):
                    nodes.Add(node);
                    break;
                case ObjectCreationExpressionSyntax { Type: var type } when type.ToString() is var created && (created.EndsWith("CommandDefinition", StringComparison.Ordinal) || created.EndsWith("HttpRequestMessage", StringComparison.Ordinal)):
                    nodes.Add(node);
                    break;
                case ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } when arguments[0].ToString().StartsWith("HttpMethod", StringComparison.Ordinal):
                    nodes.Add(node);
                    break;
            }
        }

        return nodes;
    }

    private static bool IsCandidate(string name) =>
        name.StartsWith("Execute", StringComparison.Ordinal)
        || name.StartsWith("Query", StringComparison.Ordinal)
        || name is "PostAsJsonAsync" or "PutAsJsonAsync" or "PatchAsJsonAsync" or "PostAsync" or "PutAsync" or "PatchAsync" or "Insert" or "InsertAsync" or "Update" or "UpdateAsync";
}
