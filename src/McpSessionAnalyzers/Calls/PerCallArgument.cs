using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Which parameters vary with the message, and which belong to the program: transports, options, tokens, addresses, factories.</summary>
internal sealed class PerCallArgument
{
    private static readonly TypeNames MessageTypes = new(
        "Microsoft.AspNetCore.Http.HttpContext",
        "Microsoft.AspNetCore.Http.HttpRequest",
        "System.Net.Http.HttpRequestMessage",
        "Microsoft.Extensions.AI.ChatMessage",
        "Microsoft.Extensions.AI.AIContent",
        "Microsoft.Extensions.AI.AIFunctionArguments",
        "Microsoft.Extensions.AI.FunctionInvocationContext",
        "Microsoft.SemanticKernel.KernelArguments",
        "Microsoft.SemanticKernel.KernelContent",
        "Microsoft.SemanticKernel.ChatCompletion.ChatHistory",
        "Microsoft.SemanticKernel.FunctionInvocationContext",
        "ModelContextProtocol.Protocol.RequestParams",
        "ModelContextProtocol.Protocol.NotificationParams",
        "ModelContextProtocol.Protocol.JsonRpcMessage",
        "ModelContextProtocol.Server.RequestContext`1",
        "Microsoft.Bot.Schema.IActivity",
        "Microsoft.Bot.Builder.ITurnContext",
        "Microsoft.Agents.Core.Models.IActivity",
        "Microsoft.Agents.Builder.ITurnContext",
        "Grpc.Core.ServerCallContext",
        "System.Text.Json.JsonElement",
        "System.Text.Json.JsonDocument",
        "System.Text.Json.Nodes.JsonNode",
        "Newtonsoft.Json.Linq.JToken");

    private static readonly TypeNames ProgramTypes = new(
        "System.Threading.CancellationToken",
        "System.Uri",
        "System.Type",
        "System.TimeSpan",
        "System.IServiceProvider",
        "System.IProgress`1",
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.TextWriter",
        "System.IO.FileSystemInfo",
        "System.Reflection.MemberInfo",
        "System.Reflection.Assembly",
        "System.Threading.WaitHandle",
        "System.Net.Http.HttpClient",
        "System.Net.Http.HttpMessageHandler",
        "System.Data.IDbCommand",
        "System.Data.Common.DbCommand",
        "System.Windows.Input.ICommand",
        "System.CommandLine.Symbol",
        "System.CommandLine.ParseResult",
        "System.CommandLine.Invocation.InvocationContext",
        "Spectre.Console.Cli.CommandContext",
        "Spectre.Console.Cli.CommandSettings",
        "Microsoft.Extensions.Logging.ILogger",
        "Microsoft.Extensions.Configuration.IConfiguration",
        "Microsoft.Extensions.DependencyInjection.IServiceCollection",
        "Microsoft.Extensions.Options.IOptions`1");

    private readonly McpSymbols _mcp;

    public PerCallArgument(McpSymbols mcp) => _mcp = mcp;

    /// <summary>The first parameter that varies with the message, or null. <paramref name="verb"/> is the method's, in lower case.</summary>
    public IParameterSymbol? Of(IMethodSymbol method, string verb)
    {
        return Named(method)
            ?? method.Parameters.FirstOrDefault(parameter =>
                parameter.RefKind is not RefKind.Out && parameter.Type.SpecialType == SpecialType.System_String && AgentVocabulary.IsSaid(verb, parameter.Name));
    }

    private IParameterSymbol? Named(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is not RefKind.Out && IsPerCall(parameter))
            {
                return parameter;
            }
        }

        return null;
    }

    private bool IsPerCall(IParameterSymbol parameter)
    {
        var type = Unwrap(parameter.Type, out var isCollection);
        if (MessageTypes.ContainsBaseOf(type))
        {
            return true;
        }

        if (IsProgramType(type))
        {
            return false;
        }

        if (IsText(type))
        {
            // string[] args, and lists of texts such as command lines, belong to the program.
            return isCollection
                ? AgentVocabulary.IsConversationName(parameter.Name)
                : (AgentVocabulary.IsMessageName(parameter.Name) || AgentVocabulary.IsTextName(parameter.Name)) && !IsCommandLine(parameter);
        }

        if (AgentVocabulary.IsMessageTypeName(type.Name))
        {
            return true;
        }

        if (AgentVocabulary.IsFurnitureTypeName(type.Name))
        {
            return false;
        }

        return AgentVocabulary.IsMessageName(parameter.Name) || (!isCollection && AgentVocabulary.IsStructuredName(parameter.Name) && IsArgumentBag(type));
    }

    // A command that comes with its argument list is a process to start, not something that was said.
    private static bool IsCommandLine(IParameterSymbol parameter) =>
        Words.Of(parameter.Name).LastOrDefault() == "command"
        && parameter.ContainingSymbol is IMethodSymbol method
        && method.Parameters.Any(other => Words.Of(other.Name).LastOrDefault() is "arguments" or "args" && IsText(Unwrap(other.Type, out var isCollection)) && isCollection);

    private bool IsProgramType(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Delegate or TypeKind.Enum or TypeKind.Pointer or TypeKind.FunctionPointer ||
        (type.SpecialType is not (SpecialType.None or SpecialType.System_String or SpecialType.System_Object) && type.IsValueType) ||
        ProgramTypes.ContainsBaseOf(type) ||
        _mcp.Clients.ContainsBaseOf(type) ||
        _mcp.ClientTransports.ContainsBaseOf(type) ||
        _mcp.SessionTransports.ContainsBaseOf(type);

    // A map of named values: what a tool is called with.
    private static bool IsArgumentBag(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Object ||
        (type is INamedTypeSymbol { TypeArguments.Length: 2 } map &&
         map.Name is "IDictionary" or "Dictionary" or "IReadOnlyDictionary" or "ImmutableDictionary" &&
         map.TypeArguments[0].SpecialType == SpecialType.System_String &&
         map.TypeArguments[1].SpecialType != SpecialType.System_String);

    private static bool IsText(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_String ||
        (type is INamedTypeSymbol { TypeArguments.Length: 1 } memory && memory.Name is "ReadOnlyMemory" or "ReadOnlySpan" && memory.TypeArguments[0].SpecialType == SpecialType.System_Char);

    // IEnumerable<ChatMessage>, ChatMessage[], Nullable<JsonElement>: the element decides.
    private static ITypeSymbol Unwrap(ITypeSymbol type, out bool isCollection)
    {
        isCollection = false;
        for (var depth = 0; depth < 4; depth++)
        {
            if (type is IArrayTypeSymbol array)
            {
                isCollection = true;
                type = array.ElementType;
            }
            else if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            {
                type = nullable.TypeArguments[0];
            }
            else if (type is INamedTypeSymbol { TypeArguments.Length: 1 } sequence && IsSequence(sequence))
            {
                isCollection = true;
                type = sequence.TypeArguments[0];
            }
            else
            {
                break;
            }
        }

        return type;
    }

    private static bool IsSequence(INamedTypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_ICollection_T
            or SpecialType.System_Collections_Generic_IList_T
            or SpecialType.System_Collections_Generic_IReadOnlyCollection_T
            or SpecialType.System_Collections_Generic_IReadOnlyList_T ||
        (type.ContainingNamespace is { Name: "Generic" or "Immutable" } && type.Name is "List" or "IAsyncEnumerable" or "ImmutableArray" or "ImmutableList" or "HashSet" or "Queue");
}
