using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Durations;

/// <summary>Members of entities and rows that get no value in this compilation: a column's fault can only be told at the member.</summary>
internal static class UnassignedMembers
{
    private static readonly ConditionalWeakTable<SyntaxTree, ImmutableHashSet<string>> Assigned = new();

    public delegate Diagnostic Report(IPropertySymbol member, ColumnEvidence column, DurationUnit unit);

    public static void Register(CompilationStartAnalysisContext start, Report report)
    {
        var facts = DurationFacts.Of(start.Compilation);
        if (!facts.MayStore(start.CancellationToken))
        {
            return;
        }

        start.RegisterSymbolAction(
            context =>
            {
                if (context.Symbol is IPropertySymbol { IsIndexer: false, IsStatic: false } member
                    && NumberTypes.IsFloating(member.Type)
                    && member.Locations.Length > 0
                    && facts.Tracer(context.Options, context.CancellationToken).TraceMember(member) is { IsWhole: false } duration
                    && !GetsValue(member, facts.Compilation, context.CancellationToken)
                    && MemberSinks.ColumnOf(member, new SinkContext(facts, context.Options, (_, _, _) => { }, context.CancellationToken)) is { Strength: not EvidenceStrength.Member } column)
                {
                    context.ReportDiagnostic(report(member, column, duration.Unit));
                }
            },
            SymbolKind.Property);
    }

    /// <summary>Whether anything of the member's name is assigned, anywhere, or its type is made by a constructor that takes it.</summary>
    private static bool GetsValue(IPropertySymbol member, Compilation compilation, CancellationToken cancellationToken)
    {
        var type = member.ContainingType;
        var isConstructed = type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)));
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var names = Assigned.GetValue(tree, t => Scan(t));
            if (names.Contains(member.Name) || isConstructed && names.Contains("new " + type.Name))
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableHashSet<string> Scan(SyntaxTree tree)
    {
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            switch (node)
            {
                // In a constructor a parameter is handed through: its callers give the value.
                case AssignmentExpressionSyntax { Right: IdentifierNameSyntax } when node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not null:
                    break;
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax name }:
                    names.Add(name.Identifier.ValueText);
                    break;
                case AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax access }:
                    names.Add(access.Name.Identifier.ValueText);
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetProperty" or "Property" }, ArgumentList.Arguments: var arguments }
                    when arguments.Count > 0 && arguments[0].Expression is LambdaExpressionSyntax { Body: MemberAccessExpressionSyntax selected }:
                    names.Add(selected.Name.Identifier.ValueText);
                    break;
                case ObjectCreationExpressionSyntax creation:
                    names.Add("new " + Last(creation.Type));
                    break;
                case ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 }:
                    AddTargets(node, names);
                    break;
            }
        }

        return names.ToImmutable();
    }

    /// <summary>The type of <c>new(…)</c> is written somewhere around it.</summary>
    private static void AddTargets(SyntaxNode creation, ImmutableHashSet<string>.Builder names)
    {
        foreach (var name in (creation.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? creation).DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            names.Add("new " + name.Identifier.ValueText);
        }
    }

    private static string Last(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => type.ToString(),
    };
}
