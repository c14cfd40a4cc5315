using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Editing;

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

        /// <summary><c>StopAsync</c> of a background service: that is how it ends.</summary>
        OverrideOfStop,

        /// <summary><c>DisposeAsync()</c> beside a <c>Dispose()</c> that can't await; it calls that too.</summary>
        Beside,
        New,
    }

    /// <summary>
    /// Decides how <paramref name="type"/> can dispose; false where it can't, such as when its base disposes in a method that can't be overridden.
    /// </summary>
    /// <param name="type">The type that gets something to dispose.</param>
    /// <param name="alsoSynchronously">Somebody disposes it synchronously: a container that is disposed so throws at a service without <c>Dispose</c>.</param>
    /// <param name="mustAwait">What is added can't be disposed synchronously.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public bool Prepare(INamedTypeSymbol type, bool alsoSynchronously, bool mustAwait, CancellationToken cancellationToken)
    {
        if (_async is not null || (_sync is not null && !mustAwait))
        {
            return true;
        }

        var known = _sync;
        _async = Find(type, "DisposeAsyncCore", 0, DisposePlace.Own, DisposePlace.OverrideOfCore, cancellationToken)
            ?? Find(type, "DisposeAsync", 0, DisposePlace.Own, DisposePlace.OverrideOfDispose, cancellationToken);
        _sync = Find(type, "Dispose", 1, DisposePlace.OwnWithFlag, DisposePlace.OverrideOfFlag, cancellationToken)
            ?? Find(type, "Dispose", 0, DisposePlace.Own, DisposePlace.OverrideOfDispose, cancellationToken);
        if (mustAwait && _async is null && !Implements(type, "IAsyncDisposable"))
        {
            _async = FindStop(type, cancellationToken)
                ?? (HasReachableDispose(type) ? (DisposePlace.Beside, null)

                    // Something called Dispose that no interface asks for is not how the type ends.
                    : _sync is not null && !Implements(type, "IDisposable") ? (DisposePlace.New, null)
                    : null);
        }

        if ((Implements(type, "IAsyncDisposable") && _async is null) || (Implements(type, "IDisposable") && (mustAwait ? _async is null : _sync is null)))
        {
            // A dispose method that is out of reach: another one beside it would not be called, or would hide it.
            _async = null;
            _sync = known;
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

        var statements = _codes.Select(code => code.Async).OfType<string>().ToList();
        if (statements.Count > 0 && _async is { Method: { } method })
        {
            if (await solution.OfAsync(method.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there)
            {
                BodyEdits.Append(method, statements, awaits: true, there);
            }
        }
        else if (statements.Count > 0 && _async is { } missing)
        {
            WriteNewAsync(missing.Place, statements, document, part);
        }

        statements = _codes.Select(code => code.Sync).OfType<string>().ToList();
        if (statements.Count > 0 && _sync is { Method: { } synchronous, Place: var place })
        {
            if (await solution.OfAsync(synchronous.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } there)
            {
                AppendSync(synchronous, place, statements, there);
            }
        }
        else if (_sync is { } missing && (statements.Count > 0 || missing.Place == DisposePlace.New))
        {
            WriteNewSync(missing.Place, statements, document, part);
        }
    }

    private void WriteNewAsync(DisposePlace place, IReadOnlyList<string> statements, DocumentEdits document, TypeDeclarationSyntax part)
    {
        var valueTask = Name(document, part, "System.Threading.Tasks.ValueTask");
        var writer = document.Type(part).Writer();
        if (place is DisposePlace.New or DisposePlace.Beside)
        {
            document.Type(part).AddInterface(Name(document, part, "System.IAsyncDisposable"));
        }

        if (place == DisposePlace.New && _codes.Count == 1 && _codes[0].Expression is { } expression)
        {
            document.Type(part).AddDisposeMember(writer.Line($"public {valueTask} DisposeAsync() => {expression};"));
            return;
        }

        writer.Line(place switch
        {
            DisposePlace.OverrideOfCore => $"protected override async {valueTask} DisposeAsyncCore()",
            DisposePlace.OverrideOfDispose => $"public override async {valueTask} DisposeAsync()",
            DisposePlace.OverrideOfStop =>
                $"public override async {Name(document, part, "System.Threading.Tasks.Task")} StopAsync({Name(document, part, "System.Threading.CancellationToken")} cancellationToken)",
            _ => $"public async {valueTask} DisposeAsync()",
        });
        writer.Open();
        if (place == DisposePlace.OverrideOfStop)
        {
            // What it runs may use the session until it has stopped.
            writer.Line("await base.StopAsync(cancellationToken);");
        }

        WriteLines(writer, statements);
        if (place is DisposePlace.OverrideOfCore or DisposePlace.OverrideOfDispose or DisposePlace.Beside)
        {
            writer.Line(place switch
            {
                DisposePlace.OverrideOfCore => "await base.DisposeAsyncCore();",
                DisposePlace.OverrideOfDispose => "await base.DisposeAsync();",
                _ => "Dispose();",
            });
        }

        document.Type(part).AddDisposeMember(writer.Close());
    }

    private void WriteNewSync(DisposePlace place, IReadOnlyList<string> statements, DocumentEdits document, TypeDeclarationSyntax part)
    {
        var writer = document.Type(part).Writer();
        switch (place)
        {
            case DisposePlace.New:
                document.Type(part).AddInterface(Name(document, part, "System.IDisposable"));
                if (statements.Count < _codes.Count)
                {
                    // A container that is disposed synchronously throws at what is only IAsyncDisposable. It doesn't wait, either.
                    statements = new[] { $"_ = {Name(document, part, "System.Threading.Tasks.Task")}.Run(async () => await DisposeAsync());" };
                }

                if (statements.Count == 1)
                {
                    document.Type(part).AddDisposeMember(writer.Line($"public void Dispose() => {statements[0]}"));
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

        WriteLines(writer, statements);
        if (place == DisposePlace.OverrideOfFlag)
        {
            writer.Close().Line().Line("base.Dispose(disposing);");
        }
        else if (place == DisposePlace.OverrideOfDispose)
        {
            writer.Line("base.Dispose();");
        }

        document.Type(part).AddDisposeMember(writer.Close());
    }

    private static void WriteLines(CodeWriter writer, IEnumerable<string> statements)
    {
        foreach (var line in statements.SelectMany(statement => statement.Split('\n')))
        {
            writer.Line(line);
        }
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

    /// <summary>How a hosted service ends.</summary>
    private static (DisposePlace, MethodDeclarationSyntax?)? FindStop(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (!type.AllInterfaces.Any(i => i is { Name: "IHostedService", ContainingNamespace: { Name: "Hosting", ContainingNamespace.Name: "Extensions" } }))
        {
            return null;
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers("StopAsync").OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.Length == 1) is { } method)
            {
                return !SymbolEqualityComparer.Default.Equals(current, type) ? IsOverridable(method) ? (DisposePlace.OverrideOfStop, null) : null
                    : DeclarationOf(method, cancellationToken) is { } declaration ? (DisposePlace.Own, declaration)
                    : null;
            }
        }

        return null;
    }

    /// <summary>Its own, or that of a base which is disposed asynchronously where it can be: not so in the component models of old.</summary>
    private static bool HasReachableDispose(INamedTypeSymbol type)
    {
        for (var current = type; current is not null && (!current.DeclaringSyntaxReferences.IsEmpty || IsAspNetCore(current)); current = current.BaseType)
        {
            if (current.GetMembers("Dispose").OfType<IMethodSymbol>().Any(method => method.Parameters.IsEmpty && method.DeclaredAccessibility == Accessibility.Public))
            {
                return Implements(type, "IDisposable");
            }
        }

        return false;
    }

    private static bool IsAspNetCore(INamedTypeSymbol type) => type.ContainingNamespace?.ToDisplayString().StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true;

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
