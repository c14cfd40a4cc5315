using System.Text.RegularExpressions;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// What sessions can be kept by: values that equal themselves next time. A credential is none: it rotates, every rotation would be another
/// session, and the key must be whoever it belongs to.
/// </summary>
internal static class SessionKeys
{
    private static readonly Regex Credential = new(
        "token|secret|passw|pwd|credential|auth|bearer|jwt|cookie|assertion|signature|api-?_?key|access-?_?key|_key$|-key$|Key$|^key$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        TimeSpan.FromSeconds(1));

    public static bool CanBeKey(ISymbol symbol, MemberBody body, SemanticModel model) =>
        !MayBeNull(symbol, model)
        && HasValueEquality(TypeOf(symbol))
        && !IsCredential(symbol.Name)

        // Another value than the caller's decides then.
        && !body.ReferencesTo(symbol).Any(reference => reference.Parent is IAssignmentOperation assignment && assignment.Target == reference);

    /// <summary>The variable of a loop over servers: <c>foreach (var endpoint in _endpoints)</c>.</summary>
    public static bool IsOfLoop(ILocalSymbol local) => LoopOf(local) is not null;

    public static ITypeSymbol TypeOf(ISymbol key) =>
        key is IParameterSymbol parameter ? parameter.Type : ((ILocalSymbol)key).Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    private static ForEachStatementSyntax? LoopOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as ForEachStatementSyntax;

    // A loop's variable of a type that is left open counts as nullable for the compiler, whatever the collection holds.
    private static bool MayBeNull(ISymbol symbol, SemanticModel model) => symbol switch
    {
        IParameterSymbol parameter => parameter.RefKind != RefKind.None || parameter.NullableAnnotation == NullableAnnotation.Annotated,
        ILocalSymbol { IsRef: false } local when LoopOf(local) is { } loop => model.GetForEachStatementInfo(loop) is not { ElementConversion.IsIdentity: true, ElementType: { } element }
            || element.NullableAnnotation == NullableAnnotation.Annotated,
        _ => true,
    };

    /// <summary>Whether one of <paramref name="keys"/> goes where a credential goes: a header or variable named so, a property named so.</summary>
    public static bool EntersAsCredential(IReadOnlyList<ISymbol> keys, SyntaxNode part, SemanticModel model, CancellationToken cancellationToken)
    {
        foreach (var name in part.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (keys.Any(key => key.Name == name.Identifier.ValueText && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellationToken).Symbol, key))
                && name.Ancestors().TakeWhile(node => node != part.Parent).Any(IsCredentialPlace))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCredentialPlace(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax assignment => IsCredential(assignment.Left.ToString()),
        InitializerExpressionSyntax { Expressions.Count: 2 } pair => IsCredential(pair.Expressions[0].ToString()),
        ArgumentListSyntax { Arguments.Count: > 1 } arguments => arguments.Arguments.Any(argument => argument.Expression is LiteralExpressionSyntax && IsCredential(argument.ToString())),
        VariableDeclaratorSyntax local => IsCredential(local.Identifier.ValueText),
        InterpolatedStringExpressionSyntax text => IsCredential(text.ToString()),
        BinaryExpressionSyntax sum => sum.DescendantNodes().OfType<LiteralExpressionSyntax>().Any(literal => IsCredential(literal.ToString())),
        _ => false,
    };

    private static bool IsCredential(string name) => Credential.IsMatch(name);

    private static bool HasValueEquality(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => true,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.All(element => HasValueEquality(element.Type)),
        { SpecialType: SpecialType.System_String or SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Decimal } => true,
        { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 } => true,
        INamedTypeSymbol { Name: "Guid" or "Uri", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } => true,
        _ => false,
    };
}
