using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>One disposal: the expression whose value is disposed, and where a diagnostic about it stands.</summary>
internal sealed record SessionDisposal(SyntaxNode Syntax, Location Location);

/// <summary>Finds what an operation disposes: by a using, a call of <c>DisposeAsync</c>, or registration with the response.</summary>
internal static class SessionDisposals
{
    public static IEnumerable<SessionDisposal> Of(IOperation operation, SessionFacts facts)
    {
        switch (operation)
        {
            case IInvocationOperation { Instance: { } receiver } call when facts.Calls.Disposes(call.TargetMethod):
                if (MayBeSession(receiver, facts))
                {
                    yield return new SessionDisposal(receiver.Syntax, OpeningLocations.NameOf(call));
                }

                break;

            case IInvocationOperation call when facts.Calls.DisposesArgument(call.TargetMethod) && call.Arguments.Length > 0:
                if (MayBeSession(call.Arguments[0].Value, facts))
                {
                    yield return new SessionDisposal(call.Arguments[0].Value.Syntax, OpeningLocations.NameOf(call));
                }

                break;

            case IUsingOperation { Syntax: UsingStatementSyntax syntax } statement:
                foreach (var value in ValuesOf(statement.Resources).Where(value => MayBeSession(value, facts)))
                {
                    yield return new SessionDisposal(value.Syntax, syntax.UsingKeyword.GetLocation());
                }

                break;

            case IUsingDeclarationOperation { Syntax: LocalDeclarationStatementSyntax syntax } declaration:
                foreach (var value in ValuesOf(declaration.DeclarationGroup).Where(value => MayBeSession(value, facts)))
                {
                    yield return new SessionDisposal(value.Syntax, syntax.UsingKeyword.GetLocation());
                }

                break;
        }
    }

    /// <summary>The same expression in the body that facts are asked about, which another semantic model has bound.</summary>
    public static IOperation? Find(SessionDisposal disposal, MemberBody body) =>
        body.Root.DescendantsAndSelf().FirstOrDefault(operation => operation.Syntax == disposal.Syntax && operation is not IArgumentOperation);

    private static IEnumerable<IOperation> ValuesOf(IOperation resources) => resources switch
    {
        IVariableDeclarationGroupOperation group => group.Declarations
            .SelectMany(declaration => declaration.Declarators)
            .Select(declarator => declarator.GetVariableInitializer()?.Value)
            .Where(value => value is not null)
            .Select(value => value!),
        _ => new[] { resources },
    };

    /// <summary>The cheap question: by the type of the value, behind conversions and awaits.</summary>
    private static bool MayBeSession(IOperation value, SessionFacts facts)
    {
        var bare = LocalValues.Unwrap(value);
        return facts.Types.MayCarry(bare.Type) || bare.Type?.Name is "ConfiguredAsyncDisposable" || facts.Types.IsBareDisposable(bare.Type);
    }
}
