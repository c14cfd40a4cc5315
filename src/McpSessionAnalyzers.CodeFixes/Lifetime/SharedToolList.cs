using McpSessionAnalyzers.CodeFixes.Editing;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A call of a client's <c>ListToolsAsync</c> that may as well ask the shared session, which keeps the list and whose tools live as long as it does.</summary>
internal sealed class SharedToolList
{
    /// <summary>The shared session's list is everybody's, and read-only.</summary>
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal) { "Add", "AddRange", "Insert", "Remove", "RemoveAt", "RemoveAll", "Clear", "Sort" };

    private readonly InvocationExpressionSyntax _listing;
    private readonly SyntaxNode? _token;

    private SharedToolList(InvocationExpressionSyntax listing, SyntaxNode? token)
    {
        _listing = listing;
        _token = token;
    }

    /// <summary>Null where the result of the shared session would be another, or the code does with the list what it can't do with a shared one.</summary>
    public static SharedToolList? Of(IInvocationOperation call, INamedTypeSymbol sharedType, MemberBody body)
    {
        // Prompts and resources are kept by nobody.
        if (call is not { TargetMethod: { Name: "ListToolsAsync" } method, Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax } listing }
            || !HasCounterpart(sharedType, method)
            || IsChanged(call, body))
        {
            return null;
        }

        var arguments = call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).ToList();
        var token = arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "CancellationToken");
        return arguments.All(argument => argument == token || argument.Value.ConstantValue is { HasValue: true, Value: null })
            ? new SharedToolList(listing, token?.Value.Syntax)
            : null;
    }

    /// <param name="session">The shared session as it is called there.</param>
    /// <param name="key">Whose session, of a keyed one.</param>
    /// <param name="token">What the client has been asked for with.</param>
    /// <param name="edits">Of the call's document.</param>
    public void Ask(string session, string? key, string? token, DocumentEdits edits)
    {
        edits.Text.Replace(((MemberAccessExpressionSyntax)_listing.Expression).Expression.Span, session);
        edits.Text.Replace(_listing.ArgumentList.Span, "(" + string.Join(", ", new[] { key, _token?.ToString() ?? token }.Where(argument => argument is not null)) + ")");
    }

    private static bool HasCounterpart(INamedTypeSymbol sharedType, IMethodSymbol method)
    {
        for (var type = sharedType; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other => SymbolEqualityComparer.Default.Equals(other.ReturnType, method.ReturnType)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The code adds to the list that it gets, or wants the class that it is made of.</summary>
    private static bool IsChanged(IInvocationOperation call, MemberBody body)
    {
        IOperation value = call;
        while (value.Parent is IAwaitOperation or IParenthesizedOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            value = value.Parent;
        }

        if (MayBeChangedBy(value) || value.Parent is IConversionOperation { IsImplicit: false } or IConversionOperation { IsImplicit: true, Type.TypeKind: TypeKind.Class })
        {
            return true;
        }

        var local = value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            _ => null,
        };
        return local is not null && body.ReferencesTo(local).Any(reference => MayBeChangedBy(reference) || reference.Parent switch
        {
            IInvocationOperation { TargetMethod.Name: var name } used when used.Instance == reference => Changes.Contains(name),
            IConversionOperation { Parent: IInvocationOperation { TargetMethod.Name: var name } used } conversion when used.Instance == conversion => Changes.Contains(name),
            IPropertyReferenceOperation { Property.IsIndexer: true, Parent: IAssignmentOperation assignment } element => assignment.Target == element,
            IConversionOperation { IsImplicit: false } => true,
            _ => false,
        });
    }

    /// <summary>A method of the user's own that takes a list it may add to: <c>Prepare(tools)</c>.</summary>
    private static bool MayBeChangedBy(IOperation list)
    {
        var given = list.Parent is IConversionOperation { IsImplicit: true } conversion ? conversion.Parent : list.Parent;
        return given is IArgumentOperation { Parameter: { Type.Name: "IList" or "ICollection", ContainingSymbol: { DeclaringSyntaxReferences.IsEmpty: false } } };
    }
}
