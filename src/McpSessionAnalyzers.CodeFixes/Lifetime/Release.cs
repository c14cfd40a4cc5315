using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>One place where code disposes a session that it only borrows from now on, and how that disposal comes out of the code.</summary>
internal sealed class Release
{
    private readonly SyntaxNode _node;
    private readonly Action<DocumentEdits> _apply;

    private Release(SyntaxNode node, Action<DocumentEdits> apply)
    {
        _node = node;
        _apply = apply;
    }

    public async Task ApplyAsync(SolutionEdits edits, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(_node.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } document)
        {
            _apply(document);
        }
    }

    /// <summary>Null where the disposal can't be taken out without taking more: a helper that also logs, a task that somebody combines.</summary>
    public static Release? Of(IOperation disposal, TracedOpening traced, CompilationFacts facts) =>
        Disposed(disposal) is { } disposed && HoldsOnly(disposed, traced, new HashSet<ISymbol>(SymbolEqualityComparer.Default))
            ? Of(disposal, traced.Body, facts)
            : null;

    /// <summary>For a disposal of something that is known to be borrowed. Null where it isn't a using or a statement of its own.</summary>
    public static Release? Of(IOperation disposal, MemberBody body, CompilationFacts facts) => disposal switch
    {
        IVariableDeclaratorOperation { Syntax: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } } declarator =>
            OfUsing(declarator, declaration, body),
        IUsingOperation { Syntax: UsingStatementSyntax { Expression: { } resource } statement } when CanUnwrap(statement) =>
            new Release(statement, edits => edits.Statements.Unwrap(statement, () => IsAlias(resource) ? "" : edits.Text.Apply(Awaited(resource).Span) + ";")),
        IInvocationOperation call when (facts.Sessions.Calls.Disposes(call.TargetMethod) || facts.Sessions.Calls.DisposesArgument(call.TargetMethod))
            && StatementAround(call.Syntax) is { } statement =>
            new Release(statement, edits => edits.Statements.Remove(statement)),
        _ => null,
    };

    private static Release? OfUsing(IVariableDeclaratorOperation declarator, VariableDeclarationSyntax declaration, MemberBody body)
    {
        if (declaration.Variables[0].Initializer?.Value is not { } value)
        {
            return null;
        }

        // var _ = client.ConfigureAwait(false): a name for the disposal only.
        var isUnused = !body.ReferencesTo(declarator.Symbol).Any();
        var isMerelyDisposal = isUnused && IsAlias(value);
        if (!isMerelyDisposal && declarator.Symbol.Type.Name == "ConfiguredAsyncDisposable" && (Awaited(value) == value || !declaration.Type.IsVar))
        {
            return null;
        }

        return declaration.Parent switch
        {
            LocalDeclarationStatementSyntax statement when isMerelyDisposal => new Release(statement, edits => edits.Statements.Remove(statement)),
            LocalDeclarationStatementSyntax statement => new Release(statement, edits =>
            {
                edits.Text.Delete(TextSpan.FromBounds(statement.SpanStart, declaration.SpanStart));
                edits.Text.Delete(TextSpan.FromBounds(Awaited(value).Span.End, value.Span.End));
            }),
            UsingStatementSyntax statement when isMerelyDisposal && CanUnwrap(statement) => new Release(statement, edits => edits.Statements.Unwrap(statement)),
            UsingStatementSyntax statement when CanUnwrap(statement) => new Release(statement, edits =>
                edits.Statements.Unwrap(statement, () => edits.Text.Apply(TextSpan.FromBounds(declaration.SpanStart, Awaited(value).Span.End)) + ";")),
            _ => null,
        };
    }

    private static IOperation? Disposed(IOperation disposal) => disposal switch
    {
        IVariableDeclaratorOperation declarator => declarator.GetVariableInitializer()?.Value,
        IUsingOperation @using => @using.Resources,
        IInvocationOperation { Arguments: { Length: 1 } arguments, TargetMethod.Name: "RegisterForDispose" or "RegisterForDisposeAsync" } => arguments[0].Value,
        IInvocationOperation call => call.Instance,
        _ => null,
    };

    /// <summary>Whether a value is the opened session and can't be another: what is disposed with it would not be disposed any more.</summary>
    private static bool HoldsOnly(IOperation value, TracedOpening traced, HashSet<ISymbol> visited)
    {
        value = LocalValues.Unwrap(value);
        switch (value)
        {
            case { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation:
                return true;
            case ILocalReferenceOperation local:
                return HoldsOnly(local.Local, traced, visited);
            case IConditionalAccessInstanceOperation instance:
                return instance.Syntax.Ancestors().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault() is { } access
                    && traced.Body.Root.Descendants().OfType<IConditionalAccessOperation>().FirstOrDefault(o => o.Syntax == access) is { } conditional
                    && HoldsOnly(conditional.Operation, traced, visited);
            case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "WaitAsync" } call
                when (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } inner && call.Syntax != traced.Opening.Operation.Syntax:
                return HoldsOnly(inner, traced, visited);
            default:
                return value.Syntax == traced.Opening.Operation.Syntax || Contains(value, traced);
        }
    }

    /// <summary>What a retry pipeline returns is what its lambda opens: nothing else in it does.</summary>
    private static bool Contains(IOperation value, TracedOpening traced) =>
        value is IInvocationOperation
        && value.Syntax.Span.Contains(traced.Opening.Operation.Syntax.Span)
        && value.DescendantsAndSelf().OfType<IAnonymousFunctionOperation>().Any(lambda => SymbolEqualityComparer.Default.Equals(lambda.Symbol, traced.Function))
        && traced.Body.Calls.Count(call => value.Syntax.Span.Contains(call.Syntax.Span) && SymbolEqualityComparer.Default.Equals(traced.Body.FunctionOf(call), traced.Function)
            && call is IInvocationOperation { TargetMethod.Name: "CreateAsync" or "ConnectAsync" or "ResumeSessionAsync" }) <= 1;

    private static bool HoldsOnly(ILocalSymbol local, TracedOpening traced, HashSet<ISymbol> visited)
    {
        if (!visited.Add(local))
        {
            return true;
        }

        var values = LocalValues.Of(local, traced.Body);
        if (values.Count > 0)
        {
            return values.All(value => HoldsOnly(value, traced, visited));
        }

        // foreach (var client in clients)
        if (traced.Body.Root.Descendants().OfType<IForEachLoopOperation>().FirstOrDefault(loop => loop.Locals.Contains(local, SymbolEqualityComparer.Default)) is { } each)
        {
            return LocalValues.Unwrap(each.Collection) is ILocalReferenceOperation { Local: var list } && CollectsOnly(list, traced, visited);
        }

        // client is IAsyncDisposable disposable
        return traced.Body.Root.Descendants().OfType<IIsPatternOperation>().FirstOrDefault(test => test.Pattern is IDeclarationPatternOperation declared
                && SymbolEqualityComparer.Default.Equals(declared.DeclaredSymbol, local)) is { } pattern
            && HoldsOnly(pattern.Value, traced, visited);
    }

    /// <summary>A list of this member's own, to which nothing is added but what is opened here.</summary>
    private static bool CollectsOnly(ILocalSymbol list, TracedOpening traced, HashSet<ISymbol> visited) =>
        LocalValues.Of(list, traced.Body) is { Count: 1 } values
        && (values[0] is IObjectCreationOperation { Arguments.IsEmpty: true, Initializer: null } || values[0].Syntax.ToString() == "[]")
        && traced.Body.ReferencesTo(list).All(mention => (mention.Parent is IConversionOperation { IsImplicit: true } conversion ? conversion.Parent : mention.Parent) switch
        {
            IInvocationOperation { TargetMethod.Name: "Add" or "Push" or "Enqueue", Arguments: { Length: 1 } added } => HoldsOnly(added[0].Value, traced, visited),
            IInvocationOperation { TargetMethod.Name: "Reverse" or "Clear" } or IForEachLoopOperation or IPropertyReferenceOperation => true,
            _ => false,
        });

    /// <summary>The expression without the ConfigureAwait of its disposal.</summary>
    private static ExpressionSyntax Awaited(ExpressionSyntax value) =>
        value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var configured } }
            ? configured
            : value;

    /// <summary>Names something that is there already, so that nothing is lost where the expression goes.</summary>
    private static bool IsAlias(ExpressionSyntax value) => Awaited(value) switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax => true,
        MemberAccessExpressionSyntax access => IsAlias(access.Expression),
        ParenthesizedExpressionSyntax inner => IsAlias(inner.Expression),
        CastExpressionSyntax cast => IsAlias(cast.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => IsAlias(sure.Operand),
        ElementAccessExpressionSyntax element => IsAlias(element.Expression),
        _ => false,
    };

    /// <summary>A single statement can take the place of its using only where others may stand beside it.</summary>
    private static bool CanUnwrap(UsingStatementSyntax statement) =>
        statement.Statement is BlockSyntax or UsingStatementSyntax || statement.Parent is BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax;

    /// <summary>The statement that does nothing but dispose.</summary>
    private static StatementSyntax? StatementAround(SyntaxNode disposal)
    {
        for (var node = disposal; ; node = node.Parent)
        {
            switch (node.Parent)
            {
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax:
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "Wait" or "Preserve" }:
                case InvocationExpressionSyntax invocation when invocation.Expression == node:
                case ConditionalAccessExpressionSyntax access when access.WhenNotNull == node:
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } coalesce when coalesce.Left == node:
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } }:
                    continue;
                case ExpressionStatementSyntax statement:
                    return statement;
                default:
                    return null;
            }
        }
    }
}
