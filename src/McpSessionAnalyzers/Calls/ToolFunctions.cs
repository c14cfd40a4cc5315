using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Evidence 2: functions that a model, or an MCP client, calls as tools. (Delegates given to tool factories: <see cref="DelegateSinks"/>.)</summary>
internal static class ToolFunctions
{
    private static readonly Contract[] AttributeRows =
    {
        new("an MCP server tool", "ModelContextProtocol.Server.McpServerToolAttribute") { InstancePerCall = true },
        new("an MCP server prompt", "ModelContextProtocol.Server.McpServerPromptAttribute") { InstancePerCall = true },
        new("an MCP server resource", "ModelContextProtocol.Server.McpServerResourceAttribute") { InstancePerCall = true },
        new("a kernel function", "Microsoft.SemanticKernel.KernelFunctionAttribute", "Microsoft.SemanticKernel.SKFunctionAttribute"),
    };

    private static readonly Contract[] MemberRows =
    {
        new("a tool function", "Microsoft.Extensions.AI.AIFunction", "Microsoft.Extensions.AI.DelegatingAIFunction") { Members = new[] { "InvokeAsync", "InvokeCoreAsync" } },
        new("a kernel function", "Microsoft.SemanticKernel.KernelFunction") { Members = new[] { "InvokeCoreAsync", "InvokeStreamingCoreAsync" } },
        new("an MCP server tool", "ModelContextProtocol.Server.McpServerTool", "ModelContextProtocol.Server.DelegatingMcpServerTool") { Members = new[] { "InvokeAsync" } },
        new("an MCP server prompt", "ModelContextProtocol.Server.McpServerPrompt", "ModelContextProtocol.Server.DelegatingMcpServerPrompt") { Members = new[] { "GetAsync" } },
        new("an MCP server resource", "ModelContextProtocol.Server.McpServerResource", "ModelContextProtocol.Server.DelegatingMcpServerResource") { Members = new[] { "ReadAsync" } },
    };

    private static readonly TypeTable<Contract> Attributes = new(AttributeRows, static row => row.Types);
    private static readonly Contracts MemberContracts = new(MemberRows);

    public static string? ReasonOf(IMethodSymbol method)
    {
        // The attribute may stand on the abstract method that this one overrides.
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (Attributes.OfAttributes(current) is { } row)
            {
                return row.Reason;
            }
        }

        return MemberContracts.Of(method)?.Contract.Reason;
    }

    /// <summary>Whether the MCP server makes an instance of <paramref name="type"/> for each call of its tools. (Semantic Kernel keeps one plugin object.)</summary>
    public static bool IsToolClass(INamedTypeSymbol type)
    {
        for (var current = type.IsStatic ? null : type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().Any(m => m is IMethodSymbol { IsStatic: false } && Attributes.OfAttributes(m) is { InstancePerCall: true }))
            {
                return true;
            }
        }

        return false;
    }
}
