using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.CodeFixes.Lifetime;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Disposal;

/// <summary>
/// Fixes MSA1103: the type disposes what its member holds, where it ends already or in a <c>DisposeAsync</c> of its own.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OwnedSessionNotDisposedFix))]
public sealed class OwnedSessionNotDisposedFix : SessionCodeFix
{
    /// <summary>Disposes the session in <c>DisposeAsync</c>.</summary>
    public const string DisposeMember = RuleIds.OwnedSessionNotDisposed + "_DisposeMember";

    /// <summary>Test frameworks that don't dispose every class have methods of their own for that.</summary>
    private static readonly HashSet<string> TestSetups = new(StringComparer.Ordinal)
    {
        "SetUp", "OneTimeSetUp", "TearDown", "OneTimeTearDown", "TestInitialize", "TestCleanup", "ClassInitialize", "ClassCleanup", "GlobalSetup", "GlobalCleanup",
    };

    /// <summary>Made by the host.</summary>
    public OwnedSessionNotDisposedFix()
        : base(RuleIds.OwnedSessionNotDisposed, DisposeMember)
    {
    }

    internal override string Title => "Dispose the MCP session with the object that owns it";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        return await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is { } here
            && here.Root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<SyntaxNode>(
                node => node is VariableDeclaratorSyntax or PropertyDeclarationSyntax or ParameterSyntax) is { } declaration
            && await TryDisposeAsync(edits, here, declaration, cancellationToken).ConfigureAwait(false)
                ? Title
                : null;
    }

    /// <summary>Makes the type dispose what the field, property or captured parameter at <paramref name="declaration"/> holds; false where it can't.</summary>
    internal static async Task<bool> TryDisposeAsync(SolutionEdits edits, DocumentEdits here, SyntaxNode declaration, CancellationToken cancellationToken)
    {
        if (declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { OpenBraceToken.RawKind: not 0 } part
            || here.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { ContainingType: { TypeKind: TypeKind.Class, IsStatic: false } type } member
            || type.GetMembers().Any(other => other.GetAttributes().Any(attribute => TestSetups.Contains(attribute.AttributeClass?.Name.Replace("Attribute", "") ?? ""))))
        {
            return false;
        }

        // The same session in two members is closed once.
        var sessions = CompilationFacts.Of(here.Model.Compilation).Sessions;
        var owned = sessions.Members.OwnedBy(type, cancellationToken).FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Member, member));
        var done = edits.Memory<Done>(type).Members;
        if (done.Contains(member) || owned?.Companions.Any(done.Contains) == true)
        {
            return true;
        }

        // The collection has all of them; the other member perhaps the last only.
        if (owned?.Companions.FirstOrDefault(other => Holds(other) is { } whole && !sessions.Types.IsAsyncDisposable(whole)) is { DeclaringSyntaxReferences: { Length: 1 } places } collection
            && SymbolEqualityComparer.Default.Equals(collection.ContainingType, type)
            && sessions.Types.IsAsyncDisposable(Holds(member)))
        {
            (member, declaration) = (collection, await places[0].GetSyntaxAsync(cancellationToken).ConfigureAwait(false));
        }

        var configured = owned?.Stores.Any(store => IsConfigured(store.Opening.Operation.Syntax)) == true ? ".ConfigureAwait(false)" : "";
        if (Holds(member) is not { } held || CodeFor(member, held, declaration, part, configured, sessions, here) is not { } code)
        {
            return false;
        }

        var lifetime = await InstanceLifetimes.OfAsync(type, here.Document.Project, CompilationFacts.Of(here.Model.Compilation), cancellationToken).ConfigureAwait(false);
        var isRegistered = lifetime.Registration is not null;
        var disposal = edits.Memory<TypeDisposal>(type);
        if (sessions.Types.IsSyncDisposable(held) && EndsSynchronously(type, sessions, cancellationToken) && disposal.Prepare(type, isRegistered, mustAwait: false, cancellationToken))
        {
            code = new DisposeCode(null, null, $"{NameOf(member, part)}{(MayBeNull(member, declaration) ? "?" : "")}.Dispose();");
        }
        else if (!disposal.Prepare(type, isRegistered, mustAwait: true, cancellationToken))
        {
            return false;
        }

        done.Add(member);
        disposal.Add(code);
        edits.AtEnd((nameof(TypeDisposal), type), token => disposal.WriteAsync(edits, here, part, token));
        if (disposal.IsNew)
        {
            edits.AtEnd((nameof(Creations), type), token => Creations.DisposeAsync(type, isRegistered, edits, token));
        }

        return true;
    }

    private static DisposeCode? CodeFor(
        ISymbol member, ITypeSymbol held, SyntaxNode declaration, TypeDeclarationSyntax part, string configured, SessionFacts sessions, DocumentEdits edits)
    {
        var name = NameOf(member, part);
        var mayBeNull = MayBeNull(member, declaration);
        var closing = new ClosingCode(sessions.Types, configured, edits.Layout.Unit, wanted => Scopes.UniqueName(wanted, one => IsDeclared(one, part)));
        if (closing.Expression(held, name, mayBeNull) is { } expression)
        {
            var statement = mayBeNull ? $"await ({expression}){configured};" : $"await {expression}{configured};";
            return new DisposeCode(configured.Length == 0 ? expression : null, statement, null);
        }

        return closing.Of(held, name, mayBeNull) is { } statements ? new DisposeCode(null, statements, null) : null;
    }

    private static ITypeSymbol? Holds(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    /// <summary>Its synchronous dispose method always runs: there is no other, or the other one calls it.</summary>
    private static bool EndsSynchronously(INamedTypeSymbol type, SessionFacts sessions, CancellationToken cancellationToken) =>
        sessions.Types.IsSyncDisposable(type)
        && (!sessions.Types.IsAsyncDisposable(type)
            || type.GetMembers("DisposeAsync").SelectMany(method => method.DeclaringSyntaxReferences).Any(reference => reference.GetSyntax(cancellationToken)
                .DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "Dispose" })));

    /// <summary>A loop's variable may have the name of another loop's, but of nothing else.</summary>
    private static bool IsDeclared(string name, TypeDeclarationSyntax part) => part.DescendantNodes().Any(node => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText == name,
        ParameterSyntax parameter => parameter.Identifier.ValueText == name,
        SingleVariableDesignationSyntax designation => designation.Identifier.ValueText == name,
        _ => false,
    });

    /// <summary><c>= null!</c> says that the member is filled later; only what is set for good when the object is made is surely there.</summary>
    private static bool MayBeNull(ISymbol member, SyntaxNode declaration)
    {
        if (Holds(member)!.NullableAnnotation == NullableAnnotation.Annotated)
        {
            return true;
        }

        var value = declaration switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer?.Value,
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            _ => null,
        };
        return value is not null
            ? value is PostfixUnaryExpressionSyntax || value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression)
            : member is not (IParameterSymbol or IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null } or IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });
    }

    private static string NameOf(ISymbol member, TypeDeclarationSyntax part)
    {
        var isQualified = part.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Any(access => access.Expression is ThisExpressionSyntax && access.Name.Identifier.ValueText == member.Name);
        return isQualified ? "this." + member.Name : member.Name;
    }

    private static bool IsConfigured(SyntaxNode opening) =>
        opening.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax call } && call.ArgumentList.ToString().Contains("false");

    /// <summary>What this pass has done to a type.</summary>
    private sealed class Done
    {
        public HashSet<ISymbol> Members { get; } = new(SymbolEqualityComparer.Default);

    }
}
