using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// The client that a shared session hands out at a place in sight, <c>await _mcpSession.GetClientAsync(ct)</c>, so that code which uses the client may
/// ask the shared session instead.
/// </summary>
/// <param name="Call">The call of <c>GetClientAsync</c>.</param>
/// <param name="Session">The shared session, as it is written there.</param>
/// <param name="Key">The argument that says whose session, of a keyed one.</param>
/// <param name="Token">The token that the waiting takes, if any.</param>
/// <param name="Declaration">The statement that does nothing but declare the client's local; null where there is no local.</param>
/// <param name="Local">The client's local.</param>
internal sealed record SharedClient(
    IInvocationOperation Call, ExpressionSyntax Session, ExpressionSyntax? Key, ExpressionSyntax? Token, LocalDeclarationStatementSyntax? Declaration, ILocalSymbol? Local)
{
    /// <summary>Null where the client comes from elsewhere, or the shared session can't be named at <paramref name="client"/> as it is where it was asked.</summary>
    public static SharedClient? Of(IOperation client, MemberBody body, SemanticModel model, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var local = (LocalValues.Unwrap(client) as ILocalReferenceOperation)?.Local;
        LocalDeclarationStatementSyntax? declaration = null;
        var value = client;
        if (local is not null)
        {
            if (LocalValues.Of(local, body).Count != 1
                || body.Declarators(local).SingleOrDefault() is not { Syntax: VariableDeclaratorSyntax { Initializer: not null, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement } } } declarator
                || declarator.GetVariableInitializer() is not { } initializer)
            {
                return null;
            }

            (declaration, value) = (statement, initializer.Value);
        }

        if (Asked(value) is not { Instance: { Syntax: ExpressionSyntax session } instance, TargetMethod: { Name: "GetClientAsync" } method } call
            || !facts.Sessions.Types.IsSharedSession(method.ContainingType)
            || !IsSame(instance, body)
            || !MeansTheSame(session, client.Syntax.SpanStart, model, cancellationToken))
        {
            return null;
        }

        var arguments = call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).ToList();
        var token = arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "CancellationToken");
        var key = arguments.FirstOrDefault(argument => argument != token);
        return key is null || (IsSame(key.Value, body) && key.Value.Syntax is ExpressionSyntax written && MeansTheSame(written, client.Syntax.SpanStart, model, cancellationToken))
            ? new SharedClient(call, session, key?.Value.Syntax as ExpressionSyntax, token?.Value.Syntax as ExpressionSyntax, declaration, local)
            : null;
    }

    private static IInvocationOperation? Asked(IOperation value)
    {
        value = LocalValues.Unwrap(value);
        return value is IInvocationOperation { Instance: { } instance, TargetMethod.Name: "ConfigureAwait" } ? LocalValues.Unwrap(instance) as IInvocationOperation : value as IInvocationOperation;
    }

    /// <summary>Evaluated once more, it is what it was: nothing but names of what isn't written in between.</summary>
    private static bool IsSame(IOperation value, MemberBody body) => LocalValues.Unwrap(value) switch
    {
        ILiteralOperation or IInstanceReferenceOperation => true,
        { ConstantValue.HasValue: true } => true,
        ILocalReferenceOperation local => LocalValues.Of(local.Local, body).Count <= 1,
        IParameterReferenceOperation parameter => !IsWritten(parameter.Parameter, body),
        IFieldReferenceOperation field => (field.Instance is null || IsSame(field.Instance, body)) && !IsWritten(field.Field, body),
        IPropertyReferenceOperation property => (property.Instance is null || IsSame(property.Instance, body)) && !IsWritten(property.Property, body)
            && property.Arguments.All(argument => IsSame(argument.Value, body)),
        ITupleOperation tuple => tuple.Elements.All(element => IsSame(element, body)),
        _ => false,
    };

    private static bool IsWritten(ISymbol symbol, MemberBody body) => body.ReferencesTo(symbol).Any(reference => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation or ITupleOperation { Parent: IDeconstructionAssignmentOperation } => true,
        IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
        _ => false,
    });

    /// <summary>No name in it is another thing's at <paramref name="position"/>.</summary>
    private static bool MeansTheSame(ExpressionSyntax expression, int position, SemanticModel model, CancellationToken cancellationToken) =>
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Expression == name).All(name =>
            SymbolEqualityComparer.Default.Equals(
                model.GetSymbolInfo(name, cancellationToken).Symbol,
                model.GetSpeculativeSymbolInfo(position, name, SpeculativeBindingOption.BindAsExpression).Symbol));
}
