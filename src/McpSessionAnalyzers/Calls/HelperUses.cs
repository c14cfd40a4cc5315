using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>One use of a helper: a call, or a delegate made from it that goes somewhere.</summary>
internal readonly record struct HelperUse(CallSite Site, Location Location);

/// <summary>Finds, on demand, the uses of methods whose callers can all be seen. Only places that bear the name are bound.</summary>
internal sealed class HelperUses
{
    private readonly SemanticModels _models;
    private readonly CallSites _sites;
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<HelperUse>> _helpers = new(SymbolEqualityComparer.Default);

    public HelperUses(SemanticModels models, CallSites sites)
    {
        _models = models;
        _sites = sites;
    }

    /// <summary>All uses of a private helper, local function, or lambda that is kept in a variable.</summary>
    public ImmutableArray<HelperUse> Of(IMethodSymbol helper, CancellationToken cancellationToken)
    {
        if (!_helpers.TryGetValue(helper, out var uses))
        {
            uses = helper.MethodKind == MethodKind.AnonymousFunction ? OfLambda(helper, cancellationToken) : OfNamed(helper, cancellationToken);
            _helpers.TryAdd(helper, uses);
        }

        return uses;
    }

    /// <summary>
    /// What is known of a method that anybody may call, from the delegates that are made of it: <c>app.MapPost("/ask", handlers.AskAsync)</c>,
    /// <c>command.SetHandler(RunAsync)</c>.
    /// </summary>
    public IEnumerable<CallContext> DeliveriesOf(IMethodSymbol method, CancellationToken cancellationToken)
    {
        // handlers.AskAsync may name the interface's method, or the base class's.
        var targets = new[] { method }.Concat(Members.ContractsOf(method)).ToList();
        foreach (var tree in NameFiles.ThatUse(method.Name, _models.Compilation, cancellationToken))
        {
            foreach (var name in NameIndex.Of(tree, cancellationToken).UsesOf(method.Name, cancellationToken))
            {
                if (CanBeDelegate(name) &&
                    targets.Exists(target => Names(name, target, cancellationToken)) &&
                    _models.OperationAt(NameIndex.WholeExpression(name), cancellationToken) is IMethodReferenceOperation reference)
                {
                    foreach (var use in OfValue(reference, method, name, isLocal: false, cancellationToken))
                    {
                        if (use.Site.Known is { Frequency: not CallFrequency.Unknown } known)
                        {
                            yield return known;
                        }
                    }
                }
            }
        }
    }

    private ImmutableArray<HelperUse> OfNamed(IMethodSymbol helper, CancellationToken cancellationToken)
    {
        var isLocal = helper.MethodKind == MethodKind.LocalFunction;
        var uses = ImmutableArray.CreateBuilder<HelperUse>();
        foreach (var name in NamesIn(helper, helper.AssociatedSymbol?.Name ?? helper.Name, cancellationToken))
        {
            if (!Names(name, helper, cancellationToken) || _models.OperationAt(NameIndex.WholeExpression(name), cancellationToken) is not { } operation || IsInNameOf(operation))
            {
                continue;
            }

            if (operation is IMethodReferenceOperation reference)
            {
                uses.AddRange(OfValue(reference, helper, name, isLocal, cancellationToken));
            }
            else
            {
                uses.Add(new(_sites.Of(operation, cancellationToken), name.GetLocation()));
            }
        }

        return uses.ToImmutable();
    }

    private ImmutableArray<HelperUse> OfLambda(IMethodSymbol lambda, CancellationToken cancellationToken)
    {
        var syntax = lambda.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        return syntax is not null && _models.Of(syntax.SyntaxTree)?.GetOperation(syntax, cancellationToken) is IAnonymousFunctionOperation value
            ? OfValue(value, lambda, syntax, isLocal: true, cancellationToken).ToImmutableArray()
            : ImmutableArray<HelperUse>.Empty;
    }

    // Where the delegate goes; through variables, to all of their uses.
    private IEnumerable<HelperUse> OfValue(IOperation value, IMethodSymbol function, SyntaxNode named, bool isLocal, CancellationToken cancellationToken)
    {
        var pending = new Stack<(IOperation Value, SyntaxNode Node)>();
        var visited = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        pending.Push((value, named));
        while (pending.Count > 0)
        {
            var (current, node) = pending.Pop();
            var destination = DelegateSinks.Of(current);
            if (destination.Local is { } local)
            {
                if (visited.Add(local))
                {
                    foreach (var reference in ReferencesOf(local, node, cancellationToken))
                    {
                        pending.Push((reference, reference.Syntax));
                    }
                }

                continue;
            }

            var site = _sites.Of(current, cancellationToken);
            if (_sites.Decide(destination, current, function, repeats: false, cancellationToken) is { } known)
            {
                yield return new(site with { Known = known }, node.GetLocation());
            }
            else if (destination.Fate is DelegateFate.Within or DelegateFate.PerElement or DelegateFate.OncePerInstance)
            {
                yield return new(site with { Repeats = site.Repeats || destination.Fate == DelegateFate.PerElement }, node.GetLocation());
            }
            else
            {
                // A lambda or local function belongs to the member that contains it; a method that is handed to somebody unknown has an unknown caller.
                yield return new(
                    isLocal ? site with { Deferred = site.Deferred || destination.Fate == DelegateFate.Stored } : new(CallContext.Unknown, null, false, false, ImmutableArray<IOperation>.Empty),
                    node.GetLocation());
            }
        }
    }

    private IEnumerable<IOperation> ReferencesOf(ILocalSymbol local, SyntaxNode near, CancellationToken cancellationToken)
    {
        var body = near.FirstAncestorOrSelf<MemberDeclarationSyntax>(static m => m is not GlobalStatementSyntax and not BaseTypeDeclarationSyntax) ?? near.SyntaxTree.GetRoot(cancellationToken);
        foreach (var name in NameIndex.Of(near.SyntaxTree, cancellationToken).UsesOf(local.Name, cancellationToken))
        {
            if (body.FullSpan.Contains(name.Span) &&
                _models.OperationAt(name, cancellationToken) is ILocalReferenceOperation reference &&
                SymbolEqualityComparer.Default.Equals(reference.Local, local) &&
                !(reference.Parent is IAssignmentOperation assignment && assignment.Target == reference))
            {
                yield return reference;
            }
        }
    }

    private IEnumerable<SimpleNameSyntax> NamesIn(IMethodSymbol helper, string name, CancellationToken cancellationToken)
    {
        foreach (var (tree, span) in PrivateHelpers.ScopeOf(helper))
        {
            foreach (var use in NameIndex.Of(tree, cancellationToken).UsesOf(name, cancellationToken))
            {
                if (span.Contains(use.Span))
                {
                    yield return use;
                }
            }
        }
    }

    private bool Names(SimpleNameSyntax name, IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (_models.Of(name.SyntaxTree) is not { } model)
        {
            return false;
        }

        // Half-typed calls name their target among the candidates.
        var info = model.GetSymbolInfo(name, cancellationToken);
        return Is(info.Symbol) || (info.Symbol is null && info.CandidateSymbols.Any(Is));

        bool Is(ISymbol? symbol) => symbol switch
        {
            IMethodSymbol candidate => SymbolEqualityComparer.Default.Equals(Members.Normalize(candidate), method),
            IPropertySymbol property => SymbolEqualityComparer.Default.Equals(property.OriginalDefinition, method.AssociatedSymbol),
            _ => false,
        };
    }

    // Cheap, before anything is bound: the name stands alone where a value can stand.
    private static bool CanBeDelegate(SimpleNameSyntax name) =>
        !NameIndex.IsInvoked(name) &&
        NameIndex.WholeExpression(name).Parent is ArgumentSyntax or AssignmentExpressionSyntax or EqualsValueClauseSyntax or CastExpressionSyntax or InitializerExpressionSyntax
            or ParenthesizedExpressionSyntax or ConditionalExpressionSyntax or BinaryExpressionSyntax;

    private static bool IsInNameOf(IOperation operation)
    {
        for (var current = operation; current is not null; current = current.Parent)
        {
            if (current is INameOfOperation)
            {
                return true;
            }
        }

        return false;
    }
}
