using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// A private field that keeps a session for the length of one call: <c>await ConnectAsync(); try { … } finally { await CloseAsync(); }</c>. It holds a
/// borrowed client from now on, which nobody in the type closes any more.
/// </summary>
/// <param name="Releases">The disposals to take out.</param>
/// <param name="Mentions">What is called on it, with the bodies where that stands.</param>
internal sealed record BorrowedField(IReadOnlyList<Release> Releases, IReadOnlyList<(IOperation Mention, MemberBody Body)> Mentions)
{
    /// <summary>Null where it may hold another session too, or where somebody gets it who might close it.</summary>
    public static BorrowedField? Of(IFieldSymbol field, TracedOpening opening, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, IsStatic: false, IsReadOnly: false }
            || !FieldClosing.IsClosedInSameInvocation(field, opening, facts, cancellationToken))
        {
            return null;
        }

        var releases = new List<Release>();
        var mentions = new List<(IOperation, MemberBody)>();
        foreach (var body in TypeBodies.ThatName(field, field.ContainingType, facts.Sessions.Bodies, cancellationToken))
        {
            foreach (var reference in body.ReferencesTo(field))
            {
                if (FieldClosing.DisposalOf(reference, facts) is { } disposal)
                {
                    if (Release.Of(disposal, body, facts) is not { } release)
                    {
                        return null;
                    }

                    releases.Add(release);
                }
                else if (reference.Parent is IAssignmentOperation assignment && assignment.Target == reference)
                {
                    if (!IsNull(assignment.Value) && !SharedListings.IsOpening(assignment.Value, opening))
                    {
                        return null;
                    }
                }
                else if (reference.Parent is IInvocationOperation call && call.Instance == reference)
                {
                    mentions.Add((reference, body));
                }
                else if (!IsMerelyRead(reference))
                {
                    return null;
                }
            }
        }

        return new BorrowedField(releases, mentions);
    }

    private static bool IsNull(IOperation value) => LocalValues.Unwrap(value).ConstantValue is { HasValue: true, Value: null };

    /// <summary>A property of it, a conditional call, a check for null.</summary>
    private static bool IsMerelyRead(IOperation reference) => reference.Parent switch
    {
        IPropertyReferenceOperation property => property.Instance == reference,
        IConditionalAccessOperation access => access.Operation == reference,
        IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } } => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } => true,
        IConversionOperation { IsImplicit: true } conversion => IsMerelyRead(conversion),
        _ => reference.Syntax.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } },
    };
}
