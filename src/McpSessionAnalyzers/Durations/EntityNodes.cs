using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Durations;

/// <summary>The few nodes of a file that say something of EF Core's model. Found once per file.</summary>
internal sealed class EntityNodes
{
    private static readonly ConditionalWeakTable<SyntaxTree, EntityNodes> Cache = new();

    private static readonly string[] Marks = { "DbSet", "EntityTypeBuilder", "IEntityTypeConfiguration", "ModelBuilder", "MigrationBuilder" };

    private EntityNodes(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var text = tree.GetText(cancellationToken).ToString();
        if (!Marks.Any(mark => text.IndexOf(mark, StringComparison.Ordinal) >= 0))
        {
            return;
        }

        foreach (var node in tree.GetRoot(cancellationToken).DescendantNodes(Descend))
        {
            switch (node)
            {
                case GenericNameSyntax { Identifier.ValueText: "DbSet" or "Set" or "IEntityTypeConfiguration", TypeArgumentList.Arguments.Count: 1 } set:
                    Sets.Add(set);
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "HasColumnType" or "HasConversion" or "HasColumnName" or "Ignore" or "ToTable" or "Entity" or "Property" } } call:
                    Fluent.Add(call);
                    break;
                case ClassDeclarationSyntax migration when IsMigration(migration):
                    Migrations.Add(migration);
                    break;
            }
        }
    }

    public List<GenericNameSyntax> Sets { get; } = new();

    public List<InvocationExpressionSyntax> Fluent { get; } = new();

    public List<ClassDeclarationSyntax> Migrations { get; } = new();

    public bool IsEmpty => Sets.Count + Fluent.Count + Migrations.Count == 0;

    public static EntityNodes Of(SyntaxTree tree, CancellationToken cancellationToken) => Cache.GetValue(tree, t => new EntityNodes(t, cancellationToken));

    /// <summary>Snapshots repeat the model for the tools; migrations are read by their own reader.</summary>
    private static bool Descend(SyntaxNode node) => node switch
    {
        ClassDeclarationSyntax type => !IsMigration(type) && !Derives(type, "ModelSnapshot"),
        MethodDeclarationSyntax method => method.Identifier.ValueText is not ("BuildTargetModel" or "BuildModel"),
        _ => true,
    };

    private static bool IsMigration(ClassDeclarationSyntax type) => Derives(type, "Migration");

    private static bool Derives(ClassDeclarationSyntax type, string name) => type.BaseList?.Types.Any(b => b.Type.ToString() is var text && (text == name || text.EndsWith("." + name, StringComparison.Ordinal))) == true;
}
