using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Whether what is registered, a shared session or a type that keeps a session in a field, is right as a singleton just as it stands: it needs no
/// service of a request, remembers nothing of one, opens its session once however many ask at the same time, and nobody but its container closes it.
/// </summary>
internal static class SingletonRegistration
{
    // Fields of these types hold nothing that one request could leave to another.
    private static readonly TypeNames Guards = new("System.Threading.SemaphoreSlim", "System.Threading.Lock", "System.Uri", "System.TimeSpan", "System.Guid");

    private static readonly TypeNames Semaphores = new("System.Threading.SemaphoreSlim");

    public static async Task<bool> IsRightAsync(RegistrationSyntax written, SolutionEdits edits, DocumentEdits document, CancellationToken cancellationToken)
    {
        var facts = CompilationFacts.Of(document.Model.Compilation);
        return written.Registration.Instance is null
            && MadeBy(written.Registration) is { } made
            && RegisteredSession.Of(written.Registration, facts, cancellationToken) is { Kind: not RegisteredSessionKind.NeverClosed }
            && (facts.Sessions.Types.IsSharedSession(made) || HoldsItsSessionOnly(made, facts, cancellationToken))
            && NeedsSingletonsOnly(written.Registration, made, facts, cancellationToken)
            && !await IsClosedByOthersAsync(written.Registration.Service!, made, edits, cancellationToken).ConfigureAwait(false);
    }

    private static INamedTypeSymbol? MadeBy(RegistrationCall call) =>
        (call.Factory is { } factory
            ? FactoryResults.CreatedBy(FactoryResults.Of(factory)).FirstOrDefault()
            : call.Implementation ?? call.Service) as INamedTypeSymbol;

    private static bool NeedsSingletonsOnly(RegistrationCall call, INamedTypeSymbol made, CompilationFacts facts, CancellationToken cancellationToken) =>
        call.Factory is { } factory
            ? FactoryResults.FunctionOf(factory) is IAnonymousFunctionOperation function && ContainerServices.AreSingletonsIn(function, facts, cancellationToken)
            : made.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public).ToList() is { Count: 1 } constructors
                && constructors[0].Parameters.All(parameter => parameter.GetAttributes().IsEmpty && ContainerServices.IsSingleton(parameter.Type, facts, cancellationToken));

    /// <summary>In a constructor or initializer, or while a semaphore is held: a check and an opening alone would run twice for two requests.</summary>
    private static bool OpensOnce(TracedOpening opening, INamedTypeSymbol made, CompilationFacts facts)
    {
        var body = opening.Body;
        var syntax = opening.Opening.Operation.Syntax;
        if (body.Member is IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Constructor } && SymbolEqualityComparer.Default.Equals(body.Member.ContainingType, made))
        {
            return body.Member is not IPropertySymbol { GetMethod: not null, SetMethod: null } || syntax.FirstAncestorOrSelf<EqualsValueClauseSyntax>() is not null;
        }

        return body.Calls.OfType<IInvocationOperation>().Any(wait =>
            wait.TargetMethod.Name is "Wait" or "WaitAsync"
            && Semaphores.Contains(wait.TargetMethod.ContainingType)
            && wait.Instance is IFieldReferenceOperation { Instance: IInstanceReferenceOperation }
            && wait.Syntax.SpanStart < syntax.SpanStart
            && facts.Compilation.ContainsSyntaxTree(wait.Syntax.SyntaxTree)
            && syntax.Ancestors().OfType<TryStatementSyntax>().Any(@try => @try.Block.Span.Contains(syntax.Span) && @try.Finally?.ToString().Contains(".Release(") == true));
    }

    /// <summary>All that its fields hold is the session, opened once, what guards its opening, and what never changes.</summary>
    private static bool HoldsItsSessionOnly(INamedTypeSymbol made, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var isOwner = false;
        for (var type = made; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            if (type.DeclaringSyntaxReferences.IsEmpty)
            {
                return false;
            }

            var owned = facts.Sessions.Members.OwnedBy(type, cancellationToken);
            isOwner |= !owned.IsEmpty;
            if (!owned.SelectMany(member => member.Stores).All(opening => OpensOnce(opening, type, facts)))
            {
                return false;
            }

            foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsConst))
            {
                var member = field.AssociatedSymbol ?? field;
                if (owned.Any(session => SymbolEqualityComparer.Default.Equals(session.Member, member)))
                {
                    continue;
                }

                var isFixed = field.IsReadOnly || (member.DeclaredAccessibility == Accessibility.Private && !MutableState.ChangesBetweenCalls(member, facts, cancellationToken));
                if (!isFixed || !HoldsNothing(field.Type, facts, cancellationToken))
                {
                    return false;
                }
            }
        }

        return isOwner;
    }

    private static bool HoldsNothing(ITypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken) =>
        type is { IsValueType: true, SpecialType: not SpecialType.None }
        || type.SpecialType is SpecialType.System_String or SpecialType.System_Object
        || type.TypeKind == TypeKind.Enum
        || Guards.Contains(type)
        || ContainerServices.IsSingleton(type, facts, cancellationToken);

    /// <summary><c>await using var box = provider.GetRequiredService&lt;ToolBox&gt;();</c> would close it for everybody.</summary>
    private static async Task<bool> IsClosedByOthersAsync(ITypeSymbol service, ITypeSymbol made, SolutionEdits edits, CancellationToken cancellationToken)
    {
        bool IsIt(ITypeSymbol? type) => type is not null && (SessionConsumers.Same(type, service) || SessionConsumers.Same(type, made));
        foreach (var document in edits.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents))
        {
            var text = (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString();
            if ((!text.Contains("Dispose") && !text.Contains("using")) || await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } there)
            {
                continue;
            }

            foreach (var node in there.Root.DescendantNodes())
            {
                var closed = node switch
                {
                    InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose" or "DisposeAsync", Expression: not BaseExpressionSyntax and var target } } => target,
                    LocalDeclarationStatementSyntax local when !local.UsingKeyword.IsKind(SyntaxKind.None) => local.Declaration.Variables[0].Initializer?.Value,
                    UsingStatementSyntax @using => @using.Expression ?? @using.Declaration!.Variables[0].Initializer?.Value,
                    _ => null,
                };
                if (closed is not null && IsIt(there.Model.GetTypeInfo(closed, cancellationToken).Type))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
