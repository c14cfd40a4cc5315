using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>Which member a constructor's parameter fills, unchanged.</summary>
internal static class ConstructorMembers
{
    public static ISymbol? Of(IMethodSymbol constructor, IParameterSymbol parameter, SinkContext context)
    {
        constructor = constructor.OriginalDefinition;
        if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken) is not { } syntax)
        {
            return null;
        }

        return syntax switch
        {
            RecordDeclarationSyntax => constructor.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault(),
            ConstructorDeclarationSyntax => Assigned(constructor, parameter, context),
            TypeDeclarationSyntax type => Initialized(type, constructor.ContainingType, parameter),
            _ => null,
        };
    }

    private static ISymbol? Assigned(IMethodSymbol constructor, IParameterSymbol parameter, SinkContext context)
    {
        if (context.Facts.Bodies.Of(constructor, context.CancellationToken) is not { } body || parameter.Ordinal >= constructor.Parameters.Length)
        {
            return null;
        }

        foreach (var reference in body.ReferencesTo(constructor.Parameters[parameter.Ordinal]))
        {
            var value = reference;
            while (value.Parent is IConversionOperation or IParenthesizedOperation)
            {
                value = value.Parent;
            }

            if (value.Parent is ISimpleAssignmentOperation { Target: IMemberReferenceOperation target } assignment && assignment.Value == value)
            {
                return target.Member;
            }
        }

        return null;
    }

    /// <summary>A class with a primary constructor: <c>public double DurationMs { get; set; } = durationMs;</c></summary>
    private static ISymbol? Initialized(TypeDeclarationSyntax type, INamedTypeSymbol symbol, IParameterSymbol parameter)
    {
        var property = type.Members.OfType<PropertyDeclarationSyntax>()
            .FirstOrDefault(p => p.Initializer?.Value is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name);
        return property is null ? null : symbol.GetMembers(property.Identifier.ValueText).FirstOrDefault();
    }
}
