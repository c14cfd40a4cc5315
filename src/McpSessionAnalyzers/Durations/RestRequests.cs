using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Durations;

/// <summary>A request that sends a row to a table of a REST API such as PostgREST.</summary>
/// <param name="Table">The table that the address names; unknown where a part of it is.</param>
/// <param name="IsTableApi">The address or the headers say so; otherwise it is one only if a table of the name is known.</param>
/// <param name="Row">What is sent.</param>
internal readonly record struct RestRow(SqlName Table, bool IsTableApi, IOperation Row);

/// <summary>Recognizes such requests. Other JSON is none of our business.</summary>
internal static class RestRequests
{
    private const string Root = "rest/v1";

    public static RestRow? RowOf(IOperation operation, DurationFacts facts, CancellationToken cancellationToken)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod.Name: "PostAsJsonAsync" or "PutAsJsonAsync" or "PatchAsJsonAsync" } json when facts.Types.HttpClients.Contains(json.TargetMethod.ContainingType):
                return Named(json.Arguments, "requestUri") is { } address && Named(json.Arguments, "value") is { } row ? Of(address, row, facts, cancellationToken) : null;
            case IInvocationOperation { TargetMethod.Name: "PostAsync" or "PutAsync" or "PatchAsync" } send when facts.Types.HttpClients.Contains(send.TargetMethod.ContainingType):
                return Named(send.Arguments, "requestUri") is { } target && Named(send.Arguments, "content") is { } content && Content(content, facts, cancellationToken) is { } sent
                    ? Of(target, sent, facts, cancellationToken)
                    : null;
            case IObjectCreationOperation { Type: { Name: "HttpRequestMessage", ContainingNamespace.Name: "Http" } } request:
                return Request(request, facts, cancellationToken);
            default:
                return null;
        }
    }

    private static IOperation? Named(IEnumerable<IArgumentOperation> arguments, string name) =>
        arguments.FirstOrDefault(argument => argument.Parameter?.Name == name && argument.ArgumentKind == ArgumentKind.Explicit)?.Value;

    private static RestRow? Request(IObjectCreationOperation request, DurationFacts facts, CancellationToken cancellationToken)
    {
        if (Named(request.Arguments, "requestUri") is not { } address)
        {
            return null;
        }

        var content = Assigned(request.Initializer);
        if (content is null && Target(request) is { } local && facts.BodyOf(request, cancellationToken) is { } body)
        {
            content = body.ReferencesTo(local)
                .Select(reference => reference.Parent is IPropertyReferenceOperation { Property.Name: "Content", Parent: ISimpleAssignmentOperation assignment } ? assignment.Value : null)
                .FirstOrDefault(value => value is not null);
        }

        return content is not null && Content(content, facts, cancellationToken) is { } row ? Of(address, row, facts, cancellationToken) : null;
    }

    private static IOperation? Assigned(IObjectOrCollectionInitializerOperation? initializer) => initializer?.Initializers
        .OfType<ISimpleAssignmentOperation>()
        .FirstOrDefault(assignment => assignment.Target is IPropertyReferenceOperation { Property.Name: "Content" })?.Value;

    private static ISymbol? Target(IOperation creation)
    {
        for (var parent = creation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IConversionOperation or IVariableInitializerOperation:
                    continue;
                case IVariableDeclaratorOperation declarator:
                    return declarator.Symbol;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation local }:
                    return local.Local;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The object behind <c>JsonContent.Create(x)</c> and <c>new StringContent(JsonSerializer.Serialize(x))</c>.</summary>
    private static IOperation? Content(IOperation content, DurationFacts facts, CancellationToken cancellationToken)
    {
        for (var depth = 0; depth < 6; depth++)
        {
            content = LocalValues.Unwrap(content);
            switch (content)
            {
                case IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "JsonContent" }, Arguments: { Length: > 0 } arguments }:
                    return Named(arguments, "inputValue") ?? arguments[0].Value;
                case IInvocationOperation { TargetMethod: { Name: "Serialize" or "SerializeToUtf8Bytes" or "SerializeObject", ContainingType.Name: "JsonSerializer" or "JsonConvert" }, Arguments: { Length: > 0 } arguments }:
                    return arguments[0].Value;
                case IObjectCreationOperation { Type.Name: "StringContent" or "ByteArrayContent" or "ReadOnlyMemoryContent", Arguments: { Length: > 0 } arguments }:
                    content = arguments[0].Value;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ToJsonString" or "GetBytes", Instance: { } instance } call:
                    if (call.TargetMethod.Name == "ToJsonString")
                    {
                        return instance;
                    }

                    content = call.Arguments.Length > 0 ? call.Arguments[0].Value : instance;
                    break;
                case ILocalReferenceOperation local when facts.BodyOf(local, cancellationToken) is { } body && LocalValues.Of(local.Local, body) is { Count: 1 } values:
                    content = values[0];
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static RestRow? Of(IOperation address, IOperation row, DurationFacts facts, CancellationToken cancellationToken)
    {
        var text = SqlText.Of(address, facts.Bodies, cancellationToken).Text;
        var end = text.IndexOfAny(new[] { '?', '#' });
        var path = (end < 0 ? text : text.Substring(0, end)).TrimEnd('/');
        var root = path.IndexOf(Root + "/", StringComparison.OrdinalIgnoreCase);
        var rest = root < 0 ? path : path.Substring(root + Root.Length + 1);

        // Functions are called, not filled.
        if (root >= 0 && rest.StartsWith("rpc/", StringComparison.Ordinal))
        {
            return null;
        }

        var segment = rest.Substring(rest.LastIndexOf('/') + 1);
        var table = segment.Length == 0 || segment.IndexOf(SqlLexer.HoleMark) >= 0 ? SqlName.Unknown : new SqlName(null, segment);
        return new RestRow(table, root >= 0 || HasTableApi(address, cancellationToken), row);
    }

    /// <summary>The type around names the API's root as its base address, or sets PostgREST's headers.</summary>
    private static bool HasTableApi(IOperation address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var scope = (SyntaxNode?)address.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? address.Syntax.SyntaxTree.GetRoot(cancellationToken);
        var text = scope.ToString();
        return text.Contains(Root)
            || text.Contains("\"Prefer\"") && (text.Contains("return=") || text.Contains("resolution="))
            || text.Contains("\"Content-Profile\"") || text.Contains("\"Accept-Profile\"");
    }
}
