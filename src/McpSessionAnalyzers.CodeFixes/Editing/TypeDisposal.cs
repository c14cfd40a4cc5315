using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>How something is disposed: an expression of type <c>ValueTask</c>, and a statement for where nothing can be awaited.</summary>
/// <param name="Async">The expression.</param>
/// <param name="Configured"><c>.ConfigureAwait(false)</c>, where that is the custom.</param>
/// <param name="Sync">The statement.</param>
internal sealed record DisposeCode(string Async, string Configured, string Sync);

/// <summary>
/// Makes a type dispose what fixes have added to it: in the dispose methods that it has, in overrides of those that its base has, or in a new
/// <c>DisposeAsync</c>. Kept per type for the whole pass, so that one method disposes everything.
/// </summary>
internal sealed class TypeDisposal
{
    private readonly List<DisposeCode> _codes = new();

    /// <summary>Where the code goes. A null method stands for one that is to be written.</summary>
    private (DisposePlace Place, MethodDeclarationSyntax? Method)? _async;
    private (DisposePlace Place, MethodDeclarationSyntax? Method)? _sync;

    private enum DisposePlace
    {
        /// <summary><c>DisposeAsync()</c>, <c>DisposeAsyncCore()</c> or <c>Dispose()</c> of the type itself.</summary>
        Own,

        /// <summary><c>Dispose(bool)</c> of the type itself.</summary>
        OwnWithFlag,
        OverrideOfDispose,
        OverrideOfCore,
        OverrideOfFlag,
        New,
    }

    /// <summary>
    /// Decides how <paramref name="type"/> can dispose; false where it can't, such as when its base disposes in a method that can't be overridden.
    /// </summary>
    /// <param name="type">The type that gets something to dispose.</param>
    /// <param name="alsoSynchronously">Somebody disposes it synchronously: a container that is disposed so throws at a service without <c>Dispose</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public bool Prepare(INamedTypeSymbol type, bool alsoSynchronously, CancellationToken cancellationToken)
    {
        if (_async is not null || _sync is not null)
        {
            return true;
        }

        _async = Find(type, "DisposeAsyncCore", 0, DisposePlace.Own, DisposePlace.OverrideOfCore, cancellationToken)
            ?? Find(type, "DisposeAsync", 0, DisposePlace.Own, DisposePlace.OverrideOfDispose, cancellationToken);
        _sync = Find(type, "Dispose", 1, DisposePlace.OwnWithFlag, DisposePlace.OverrideOfFlag, cancellationToken)
            ?? Find(type, "Dispose", 0, DisposePlace.Own, DisposePlace.OverrideOfDispose, cancellationToken);
        if ((Implements(type, "IAsyncDisposable") && _async is null) || (Implements(type, "IDisposable") && _sync is null))
        {
            // A dispose method that is out of reach: another one beside it would not be called, or would hide it.
            _async = null;
            _sync = null;
            return false;
        }

        if (_async is not null || _sync is not null)
        {
            return true;
        }

        _async = (DisposePlace.New, null);
        _sync = alsoSynchronously ? (DisposePlace.New, null) : null;
        return true;
    }

    /// <summary>The type was not disposable before: whoever makes objects of it has never had to dispose them.</summary>
    public bool IsNew => _async?.Place == DisposePlace.New;

    public void Add(DisposeCode code) => _codes.Add(code);

    /// <summary>Writes the code: new members into <paramref name="part"/>, the rest where the methods are.</summary>
    public async Task WriteAsync(SolutionEdits solution, DocumentEdits document, TypeDeclarationSyntax part, CancellationToken cancellationToken)
    {
        if (_codes.Count == 0)
        {
            return;
        }

        var statements = _codes.Select(code => $"await {code.Async}{code.Configured};").ToList();
        if (_async is { Method: { } method })
        {
            if (await solution.OfAsync(method.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there)
            {
                BodyEdits.Append(method, statements, awaits: true, there);
            }
        }
        else if (_async is { } missing)
        {
            WriteNewAsync(missing.Place, document, part);
        }

        statements = _codes.Select(code => code.Sync).ToList();
        if (_sync is { Method: { } synchronous, Place: var place })
        {
            if (await solution.OfAsync(synchronous.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there)
            {
                AppendSync(synchronous, place, statements, there);
            }
        }
        else if (_sync is { } missing)
        {
            WriteNewSync(missing.Place, document, part);
        }
    }

    private void WriteNewAsync(DisposePlace place, DocumentEdits document, TypeDeclarationSyntax part)
    {
        var valueTask = Name(document, part, "System.Threading.Tasks.ValueTask");
        var writer = document.Type(part).Writer();
        if (place == DisposePlace.New)
        {
            document.Type(part).AddInterface(Name(document, part, "System.IAsyncDisposable"));
            if (_codes.Count == 1)
            {
                writer.Line($"public {valueTask} DisposeAsync() => {_codes[0].Async};");
                document.Type(part).AddDisposeMember(writer);
                return;
            }
        }

        writer.Line(place switch
        {
            DisposePlace.OverrideOfCore => $"protected override async {valueTask} DisposeAsyncCore()",
            DisposePlace.OverrideOfDispose => $"public override async {valueTask} DisposeAsync()",
            _ => $"public async {valueTask} DisposeAsync()",
        });
        writer.Open();
        foreach (var code in _codes)
        {
            writer.Line($"await {code.Async}{code.Configured};");
        }

        if (place is DisposePlace.OverrideOfCore or DisposePlace.OverrideOfDispose)
        {
            writer.Line(place == DisposePlace.OverrideOfCore ? "await base.DisposeAsyncCore();" : "await base.DisposeAsync();");
        }

        writer.Close();
        document.Type(part).AddDisposeMember(writer);
    }

    private void WriteNewSync(DisposePlace place, DocumentEdits document, TypeDeclarationSyntax part)
    {
        var writer = document.Type(part).Writer();
        switch (place)
        {
            case DisposePlace.New:
                document.Type(part).AddInterface(Name(document, part, "System.IDisposable"));
                if (_codes.Count == 1)
                {
                    writer.Line($"public void Dispose() => {_codes[0].Sync}");
                    document.Type(part).AddDisposeMember(writer);
                    return;
                }

                writer.Line("public void Dispose()").Open();
                break;
            case DisposePlace.OverrideOfFlag:
                writer.Line("protected override void Dispose(bool disposing)").Open().Line("if (disposing)").Open();
                break;
            default:
                writer.Line("public override void Dispose()").Open();
                break;
        }

        foreach (var code in _codes)
        {
            writer.Line(code.Sync);
        }

        if (place == DisposePlace.OverrideOfFlag)
        {
            writer.Close().Line().Line("base.Dispose(disposing);");
        }
        else if (place == DisposePlace.OverrideOfDispose)
        {
            writer.Line("base.Dispose();");
        }

        writer.Close();
        document.Type(part).AddDisposeMember(writer);
    }

    private static void AppendSync(MethodDeclarationSyntax method, DisposePlace place, IReadOnlyList<string> statements, DocumentEdits document)
    {
        if (place != DisposePlace.OwnWithFlag)
        {
            BodyEdits.Append(method, statements, awaits: false, document);
            return;
        }

        var flag = method.ParameterList.Parameters[0].Identifier.ValueText;
        var managed = method.Body?.DescendantNodes().OfType<IfStatementSyntax>()
            .FirstOrDefault(test => test.Condition is IdentifierNameSyntax name && name.Identifier.ValueText == flag);
        if (managed?.Statement is BlockSyntax block)
        {
            BodyEdits.Insert(block, null, statements, document);
        }
        else
        {
            var guarded = $"if ({flag})\n{{\n{string.Concat(statements.Select(statement => document.Layout.Unit + statement + "\n"))}}}";
            BodyEdits.Append(method, new[] { guarded }, awaits: false, document);
        }
    }

    private static (DisposePlace, MethodDeclarationSyntax?)? Find(
        INamedTypeSymbol type, string name, int parameters, DisposePlace own, DisposePlace overriding, CancellationToken cancellationToken)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            var method = current.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(m => IsNamed(m, name) && HasSignature(m, parameters));
            if (method is not null)
            {
                return !SymbolEqualityComparer.Default.Equals(current, type) ? IsOverridable(method) ? (overriding, null) : null
                    : DeclarationOf(method, cancellationToken) is { } declaration ? (own, declaration)
                    : null;
            }
        }

        return null;
    }

    private static bool HasSignature(IMethodSymbol method, int parameters) =>
        method.Parameters.Length == parameters && method.Parameters.All(parameter => parameter.Type.SpecialType == SpecialType.System_Boolean);

    private static bool IsNamed(IMethodSymbol method, string name) =>
        method.Name == name || method.ExplicitInterfaceImplementations.Any(implemented => implemented.Name == name);

    private static bool IsOverridable(IMethodSymbol method) =>
        method is { IsSealed: false, DeclaredAccessibility: Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal }
        && (method.IsVirtual || method.IsOverride);

    private static MethodDeclarationSyntax? DeclarationOf(IMethodSymbol method, CancellationToken cancellationToken) =>
        method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).OfType<MethodDeclarationSyntax>()
            .FirstOrDefault(BodyEdits.CanAppend);

    private static bool Implements(INamedTypeSymbol type, string name) =>
        type.AllInterfaces.Any(i => i.Name == name && i.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true });

    private static string Name(DocumentEdits document, TypeDeclarationSyntax part, string metadataName) =>
        document.Usings.NameOf(metadataName, part.OpenBraceToken.Span.End);
}
