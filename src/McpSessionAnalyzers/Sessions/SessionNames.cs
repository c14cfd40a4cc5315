using System.Collections.Concurrent;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The names without which code has nothing to do with sessions: those of the SDK, and of every member and type of this compilation whose value may hold
/// one. Code that has none of them need not be bound, which is the dearest thing there is; code that has one may still open nothing.
/// </summary>
internal sealed class SessionNames
{
    /// <summary>What is done with sessions whatever they are called: closing, registering, testing them.</summary>
    private static readonly string[] Verbs =
    {
        "DisposeAsync", "RegisterForDispose", "RegisterForDisposeAsync", "IDisposable", NameIndex.AwaitUsing,
        "McpClient", "IMcpClient", "ITransport",
    };

    private static readonly string[] Factories = { "CreateAsync", "ResumeSessionAsync", "ConnectAsync", "SharedMcpSession", "KeyedMcpSessions" };

    private readonly SessionFacts _facts;
    private readonly Compilation _compilation;
    private readonly Lazy<Names> _names;
    private readonly Lazy<HashSet<int>> _repeated;
    private readonly ConcurrentDictionary<SyntaxTree, int[]> _places = new();

    public SessionNames(SessionFacts facts, Compilation compilation)
    {
        _facts = facts;
        _compilation = compilation;
        _names = new(Collect);
        _repeated = new(() => OpeningCallers.Of(compilation, _names.Value.Opening));
    }

    /// <summary>Whether a part of a file says anything of sessions, or calls again and again what may open one.</summary>
    public bool MayBeIn(SyntaxTree tree, TextSpan part, CancellationToken cancellationToken)
    {
        if (_names.Value.IsUnknown)
        {
            return true;
        }

        if (!_places.TryGetValue(tree, out var places))
        {
            places = _places.GetOrAdd(tree, Find(tree, cancellationToken));
        }

        var next = Array.BinarySearch(places, part.Start);
        return next >= 0 || (~next < places.Length && places[~next] < part.End);
    }

    private int[] Find(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var index = NameIndex.Of(tree, cancellationToken);
        var root = tree.GetRoot(cancellationToken);
        var names = _names.Value.All;
        if (AliasesIn(root).Select(NameIndex.HashOf).ToList() is { Count: > 0 } aliases)
        {
            names = new(names.Concat(aliases));
        }

        var places = index.PositionsOf(names);
        var repeated = _repeated.Value.Count == 0 ? Array.Empty<int>() : index.PositionsOf(_repeated.Value)
            .Where(position => root.FindToken(position).Parent is SimpleNameSyntax name && (!NameIndex.IsInvoked(name) || LoopedOpening.MayRepeat(name)))
            .ToArray();
        return repeated.Length == 0 ? places : places.Concat(repeated).OrderBy(static position => position).ToArray();
    }

    private Names Collect()
    {
        var opening = new HashSet<string>(Factories);
        var other = new HashSet<string>(Verbs);
        other.UnionWith(ServiceRegistrations.Names);
        other.UnionWith(_facts.Symbols.OperationNames);
        var isUnknown = false;
        foreach (var type in _facts.Implementations.SourceTypes)
        {
            var carries = _facts.Types.MayCarry(type);
            if (type.IsGenericType || _facts.Types.IsSharedSession(type) || (carries && _facts.Types.IsDisposable(type)))
            {
                opening.Add(type.Name);
            }
            else if (carries)
            {
                other.Add(type.Name);
            }

            foreach (var member in type.GetMembers())
            {
                switch (member)
                {
                    // An indexer has no name: what gives out its session is known by the name of its type, where that carries sessions at all.
                    case IPropertySymbol { IsIndexer: true } indexer:
                        isUnknown |= !carries && !type.IsGenericType && Carries(indexer.Type);
                        break;
                    case IPropertySymbol property when Carries(property.Type):
                    case IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                        when Carries(method.ReturnType) || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out && Carries(parameter.Type)):
                        opening.Add(member.Name);
                        break;
                    case IFieldSymbol { IsImplicitlyDeclared: false } field when Carries(field.Type):
                    case IMethodSymbol { MethodKind: MethodKind.Ordinary } taker when taker.Parameters.Any(parameter => _facts.Types.MayCarry(parameter.Type)):
                        other.Add(member.Name);
                        break;
                    case IMethodSymbol { MethodKind: MethodKind.Constructor } constructor:
                        foreach (var parameter in constructor.Parameters.Where(parameter => _facts.Types.MayCarry(parameter.Type)))
                        {
                            // Of a primary constructor: a field in all but name. And new(…) has none of the type that it makes.
                            other.Add(parameter.Name);
                            other.Add(type.Name);
                        }

                        break;
                }
            }
        }

        opening.UnionWith(_compilation.SyntaxTrees.SelectMany(static tree => AliasesIn(tree.GetRoot(), static directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))));
        return new(Hashes(opening), Hashes(opening.Concat(other)), isUnknown);
    }

    private static HashSet<int> Hashes(IEnumerable<string> names) => new(names.Select(NameIndex.HashOf));

    // What a type parameter stands for is known only where it is used.
    private bool Carries(ITypeSymbol type) =>
        _facts.Types.MayCarry(type) || MentionsTypeParameter(type) || (type is INamedTypeSymbol { DelegateInvokeMethod.ReturnType: { } result } && _facts.Types.MayCarry(result));

    private static bool MentionsTypeParameter(ITypeSymbol type)
    {
        // Most types have none; only the others are worth a stack.
        if (type is not (ITypeParameterSymbol or IArrayTypeSymbol or INamedTypeSymbol { IsGenericType: true }))
        {
            return false;
        }

        var pending = new Stack<ITypeSymbol>();
        pending.Push(type);
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case ITypeParameterSymbol:
                    return true;
                case IArrayTypeSymbol array:
                    pending.Push(array.ElementType);
                    break;
                case INamedTypeSymbol { IsGenericType: true } generic:
                    foreach (var argument in generic.TypeArguments)
                    {
                        pending.Push(argument);
                    }

                    if (generic.ContainingType is { } containing)
                    {
                        pending.Push(containing);
                    }

                    break;
            }
        }

        return false;
    }

    // using Session = McpSessions.SharedMcpSession;
    private static IEnumerable<string> AliasesIn(SyntaxNode root, Func<UsingDirectiveSyntax, bool>? isWanted = null) => root
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<UsingDirectiveSyntax>()
        .Where(directive => directive.Alias is not null && (isWanted is null || isWanted(directive)))
        .Select(static directive => directive.Alias!.Name.Identifier.ValueText);

    /// <param name="Opening">What an opening may be called.</param>
    /// <param name="All">These, and what else has to do with sessions.</param>
    /// <param name="IsUnknown">The names say nothing: an indexer that gives out sessions.</param>
    private sealed record Names(HashSet<int> Opening, HashSet<int> All, bool IsUnknown);
}
